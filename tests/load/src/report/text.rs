//! A report for people.

use std::collections::BTreeMap;
use std::fmt::{self, Display, Write};

use super::Report;
use crate::stages::Figures;

/// A report as tables of text.
pub fn table(report: &Report) -> String {
    let mut text = String::new();
    // Writing into a text does not fail.
    let _ = write(&mut text, report);
    text
}

fn write(text: &mut String, report: &Report) -> fmt::Result {
    let Report { rate, seconds, requests, ok, achieved_rate, .. } = report;
    writeln!(text, "{rate}/s for {seconds} s: {requests} requests, {ok} answers, {achieved_rate:.1}/s")?;
    writeln!(text, "status: {}", list(&report.by_status))?;
    for (name, counts) in
        [("refused", &report.problems), ("states", &report.states), ("degraded", &report.degraded)]
    {
        if !counts.is_empty() {
            writeln!(text, "{name}: {}", list(counts))?;
        }
    }
    if report.checked.right + report.checked.wrong > 0 {
        let checked = &report.checked;
        writeln!(
            text,
            "checked: {} right, {} wrong, {} degraded",
            checked.right, checked.wrong, checked.degraded
        )?;
    }
    for example in &report.malformed_like {
        writeln!(text, "malformed: {example}")?;
    }
    writeln!(text, "kept answers: {:.1} %\n", report.cached_share * 100.0)?;
    times(text, report)?;
    operations(text, report)?;
    slowest(text, report)
}

fn list<T: Display>(counts: &BTreeMap<String, T>) -> String {
    let one = |(name, count): (&String, &T)| format!("{name} {count}");
    counts.iter().map(one).collect::<Vec<_>>().join(", ")
}

fn times(text: &mut String, report: &Report) -> fmt::Result {
    writeln!(
        text,
        "{:<22}{:>8}{:>9}{:>9}{:>9}{:>9}{:>9}",
        "ms", "count", "p50", "p95", "p99", "p99.9", "max"
    )?;
    row(text, "answers", &report.latency_ms)?;
    row(text, "  since they were sent", &report.since_sent_ms)?;
    row(text, "  sent too late by", &report.late_ms)?;
    row(text, "  kept answers", &report.cached_ms)?;
    row(text, "refusals", &report.refused_ms)?;
    if let Some(tickets) = &report.tickets {
        row(text, &format!("tickets ({})", list(&tickets.by_status)), &tickets.latency_ms)?;
    }
    for (name, ability) in &report.by_ability {
        row(text, &format!("ability {name}"), &ability.latency_ms)?;
    }
    for (name, stage) in &report.stages_ms {
        row(text, &format!("stage {name}"), stage)?;
    }
    Ok(())
}

fn row(text: &mut String, name: &str, figures: &Figures) -> fmt::Result {
    let Figures { count, p50, p95, p99, p999, max, .. } = figures;
    if *count == 0 {
        return Ok(());
    }
    writeln!(text, "{name:<22}{count:>8}{p50:>9.2}{p95:>9.2}{p99:>9.2}{p999:>9.2}{max:>9.2}")
}

fn operations(text: &mut String, report: &Report) -> fmt::Result {
    writeln!(
        text,
        "\n{:<22}{:>12}{:>12}{:>8}{:>12}",
        "operations", "an answer", "uncached", "most", "a second"
    )?;
    for (store, one) in &report.operations {
        let (each, uncached, most, second) =
            (one.per_answer, one.per_uncached_answer, one.most, one.per_second);
        writeln!(text, "{store:<22}{each:>12.2}{uncached:>12.2}{most:>8}{second:>12.1}")?;
    }
    Ok(())
}

fn slowest(text: &mut String, report: &Report) -> fmt::Result {
    writeln!(text, "\nslowest")?;
    for slow in &report.slowest {
        let mut stages: Vec<_> = slow.stages_ms.iter().filter(|(name, _)| *name != "total").collect();
        stages.sort_by(|one, other| other.1.total_cmp(one.1));
        let stages: Vec<String> =
            stages.into_iter().take(5).map(|(name, took)| format!("{name} {took:.1}")).collect();
        writeln!(
            text,
            "{:>8.1} ms at {:>6.1} s  {} ({}, {}) sent late by {:.1}; {}",
            slow.latency_ms,
            slow.due_s,
            slow.request_id,
            slow.question,
            slow.ability,
            slow.late_ms,
            stages.join(", ")
        )?;
    }
    Ok(())
}
