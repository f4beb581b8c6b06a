//! The German FAQ sample: 73 questions with answers, 77 paraphrased questions.

use auskunft_answer::evaluate::{self, Evaluation, Options};
use auskunft_model::Kind;
use serde_json::Value;

use crate::catalog::{Shop, Text, fixtures, hashed};

fn texts() -> Vec<Text> {
    let file = std::fs::read_to_string(fixtures().join("samples/faq-de/faq.jsonl")).unwrap();
    let text = |line: &str| {
        let faq: Value = serde_json::from_str(line).unwrap();
        let field = |name: &str| faq[name].as_str().unwrap().to_owned();
        Text::new("faqs/faq.jsonl", Kind::Faq, &field("question"), &field("answer")).anchor(&field("id"))
    };
    file.lines().map(text).collect()
}

async fn evaluation(embedder: std::sync::Arc<dyn auskunft_embed::Embedder>) -> Evaluation {
    let shop = Shop::open_with(embedder).await;
    shop.publish(&texts()).await;
    let file = std::fs::read_to_string(fixtures().join("questions-faq-de.jsonl")).unwrap();
    let questions = evaluate::read(&file, "questions-faq-de.jsonl").unwrap();
    let desk = shop.desk().await;
    let options = Options { cross_validate: true, without_states: true };
    evaluate::evaluate(&desk, &questions, options).await.unwrap()
}

fn check(evaluation: &Evaluation) {
    let (fused, legs) = (&evaluation.ranking, &evaluation.by_leg);
    let at_ten = |ranking: &evaluate::Ranking| ranking.success_at[&10];
    assert!(fused.mrr_at_10 >= 0.65, "{:#?}", evaluation.by_leg);
    assert!(at_ten(fused) >= 0.86, "{:#?}", evaluation.by_leg);
    let best = legs.dense.mrr_at_10.max(legs.lexical.mrr_at_10);
    assert!(fused.mrr_at_10 >= best - 0.01, "{:#?} {:#?}", evaluation.by_leg, evaluation.folds);
}

#[tokio::test(flavor = "multi_thread")]
async fn paraphrased_german_questions_find_their_faq() {
    let evaluation = evaluation(hashed()).await;
    assert_eq!(evaluation.questions, 77);
    check(&evaluation);
}
