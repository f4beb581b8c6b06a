//! `ingest eval FILE`: answers measured against questions with known sources.

use anyhow::{Context, anyhow};
use auskunft_answer::evaluate::{self, Ability, Detail, Evaluation, EvaluationQuestion, Options, Ranking};
use auskunft_boot::{Code, Settings};
use auskunft_store::{Role, Stores};

use crate::args::EvalArgs;
use crate::opening::{self, Refusal};
use crate::printer;

/// Asks every question of the file and prints the measures.
pub async fn eval(args: &EvalArgs, json: bool, settings: &Settings) -> anyhow::Result<Code> {
    let name = args.file.display().to_string();
    let text = std::fs::read_to_string(&args.file)
        .with_context(|| format!("can't read the questions in `{name}`"))?;
    let questions = of_sets(evaluate::read(&text, &name)?, &args.set, &name)?;
    let stores = opening::filled_stores(settings, Role::Reader).await?;
    let options = Options { cross_validate: args.cross_validate, without_states: false };
    let evaluated = Box::pin(measure(stores.clone(), settings, &questions, options)).await;
    stores.close().await;
    let mut evaluation = evaluated?;
    let details = std::mem::take(&mut evaluation.details);
    if args.detail {
        evaluation.details = details;
    }
    if json {
        printer::print_json(&evaluation)?;
    } else {
        printer::print(&plain(&evaluation));
    }
    check(args, &evaluation)?;
    Ok(Code::Ok)
}

/// The questions of these sets; of all when none is named.
fn of_sets(
    mut questions: Vec<EvaluationQuestion>,
    sets: &[String],
    file: &str,
) -> anyhow::Result<Vec<EvaluationQuestion>> {
    if !sets.is_empty() {
        questions.retain(|question| question.set.as_ref().is_some_and(|set| sets.contains(set)));
        anyhow::ensure!(!questions.is_empty(), "`{file}` has no question of the set {}", sets.join(", "));
    }
    Ok(questions)
}

async fn measure(
    stores: Stores,
    settings: &Settings,
    questions: &[EvaluationQuestion],
    options: Options,
) -> anyhow::Result<Evaluation> {
    let info = opening::live(&stores).await?;
    let desk = opening::desk(settings, stores, info).await?;
    Ok(evaluate::evaluate(&desk, questions, options).await?)
}

/// The quality gate that the caller demands.
fn check(args: &EvalArgs, evaluation: &Evaluation) -> anyhow::Result<()> {
    let below = |what: &str, share: f64, demanded: Option<f64>| match demanded {
        Some(least) if share < least => {
            Err(anyhow!(Refusal::Quality(format!("{what} is {share:.3}, at least {least:.3} is demanded"))))
        }
        _ => Ok(()),
    };
    below("success@5", evaluation.ranking.success_at.get(&5).copied().unwrap_or(0.0), args.min_success_at_5)?;
    below("state accuracy", evaluation.state_accuracy.unwrap_or(0.0), args.min_state_accuracy)?;
    below("page accuracy", evaluation.page_accuracy.unwrap_or(0.0), args.min_page_accuracy)
}

fn plain(evaluation: &Evaluation) -> String {
    let line = |name: &str, ranking: &Ranking| {
        let success = ranking.success_at.iter().map(|(depth, share)| format!("@{depth} {share:.3}"));
        let success: Vec<String> = success.collect();
        format!("{name:<10} MRR@10 {:.3}   success {}", ranking.mrr_at_10, success.join("  "))
    };
    let mut lines = vec![format!("questions  {}", evaluation.questions)];
    lines.push(line("dense", &evaluation.by_leg.dense));
    lines.push(line("lexical", &evaluation.by_leg.lexical));
    lines.push(line("fused", &evaluation.by_leg.fused));
    let shares = [
        ("state", evaluation.state_accuracy, "in the right state"),
        ("page", evaluation.page_accuracy, "cite a right page first"),
        ("answer", evaluation.answer_accuracy, "say what they should"),
    ];
    for (name, share, what) in shares {
        lines.extend(share.map(|share| format!("{name:<10} {share:.3} {what}")));
    }
    lines
        .push(format!("unsupported {} answers say what they were not given", evaluation.unsupported_answers));
    lines.extend(by_ability(evaluation));
    for fold in &evaluation.folds {
        lines.push(format!(
            "fold       dense weight {:.2} for {} questions",
            fold.dense_weight, fold.questions
        ));
    }
    lines.extend(evaluation.details.iter().map(detail_line));
    lines.join("\n")
}

/// A table with a line for each ability; nothing when questions tell none.
fn by_ability(evaluation: &Evaluation) -> Vec<String> {
    if evaluation.by_ability.is_empty() {
        return Vec::new();
    }
    let share = |share: Option<f64>| share.map_or_else(|| "-".to_owned(), |share| format!("{share:.3}"));
    let number = |number: Option<f64>| number.map_or_else(|| "-".to_owned(), |number| format!("{number:.1}"));
    let head = format!(
        "{:<11} {:>9} {:>9} {:>6} {:>6} {:>6} {:>6} {:>6} {:>8} {:>8} {:>10}",
        "ability",
        "questions",
        "success@5",
        "page",
        "row",
        "answer",
        "facts",
        "state",
        "p50 ms",
        "p99 ms",
        "operations"
    );
    let line = |(name, one): (&String, &Ability)| {
        format!(
            "{name:<11} {:>9} {:>9} {:>6} {:>6} {:>6} {:>6} {:>6} {:>8} {:>8} {:>10}",
            one.questions,
            share(one.success_at_5),
            share(one.page_accuracy),
            share(one.row_first),
            share(one.answer_accuracy),
            share(one.facts_accuracy),
            share(one.state_accuracy),
            number(one.p50_ms),
            number(one.p99_ms),
            number(one.operations)
        )
    };
    std::iter::once(head).chain(evaluation.by_ability.iter().map(line)).collect()
}

fn detail_line(detail: &Detail) -> String {
    let rank = detail.rank.map_or_else(|| "-".to_owned(), |rank| rank.to_string());
    let state = |state: Option<auskunft_model::State>| state.map_or("?", auskunft_model::State::as_str);
    let (state, expected) = (state(detail.state), state(detail.expected_state));
    let verdict = detail.verdict.as_ref();
    let wrong = [
        (verdict.and_then(|one| one.page_is_right), ", wrong page"),
        (verdict.and_then(|one| one.row_is_first), ", right row not first"),
        (verdict.and_then(|one| one.says_answer), ", wrong words"),
    ];
    let mut wrong: String =
        wrong.iter().filter(|(right, _)| *right == Some(false)).map(|(_, what)| *what).collect();
    for one in verdict.iter().flat_map(|verdict| &verdict.unsupported) {
        wrong += &format!(", says the {} {:?} without support", one.what.as_str(), one.text);
    }
    format!("{:<8} rank {rank:<3} {state} (expected {expected}){wrong}: {}", detail.id, detail.question)
}
