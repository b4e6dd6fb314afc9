//! What the law says before and after.

use super::count;
use crate::comparison::{Comparison, LawChange, LawPoint};
use crate::model::OverBand;
use crate::region::Region;
use crate::report::columns::{AFTER_VERDICT, BEFORE_VERDICT, HOSPITAL, OVER_BAND, RULE};
use crate::report::document::{Cell, Hint, Remark, Section, Table, hospital_of};
use crate::report::{band, rules};

pub(super) fn law(region: &Region, comparison: &Comparison) -> Section {
    let has_band = comparison.law.iter().any(|change| change.over_band.is_some());
    let table = Table::of(comparison.law.iter().map(|change| Verdict::of(comparison, change)))
        .column(HOSPITAL, |row| Cell::text(row.hospital))
        .column(RULE, |row| row.rule.clone())
        .column(BEFORE_VERDICT, |row| row.before.clone())
        .column(AFTER_VERDICT, |row| row.after.clone())
        .column(OVER_BAND, |row| band::word(row.over_band))
        .build()
        .hide_if(!has_band, &[OVER_BAND]);

    let note = if comparison.law.is_empty() {
        Remark::from("No verdict changes.")
    } else {
        Remark::from(
            "Only verdicts that change; a dash: the hospital is not there. Supplement: of coverage that a \
             closure would endanger and low demand, which holds. Over band: whether verdicts before and after are these, \
             with the same error of travel times on both sides; a dash: no journey is part of the rule. Who offers which \
             service group is assumed",
        )
        .hint(Hint::Rules)
        .and(".")
    };
    let mut section = Section::new("law", "What the law then says", table)
        .note(note)
        .maybe_note(band::undecided(region, &over_band(comparison)))
        .maybe_note(turned_at_an_end(comparison));

    // The tests count people around a site, so those of a region's last site would vanish without a word.
    for provision_change in &comparison.without_site {
        let more = provision_change.after.saturating_sub(provision_change.before);
        if more > 0 {
            let (provision, more) = (&provision_change.provision, count(more));
            section = section.note(said!(
"Supplement, {provision}: {more} more people reach no suitable site at all; no test counts them.",
provision,
more
));
        }
    }
    section
}

/// Whether the changes of supplements are the same over the band.
fn over_band(comparison: &Comparison) -> band::Verdicts {
    let mut verdicts = band::Verdicts::default();
    for change in &comparison.law {
        verdicts.add(&supplement_name(change), change.over_band);
    }
    verdicts
}

/// That the verdicts on some supplements stay as stated and change at an end of the band; `None` where none does.
fn turned_at_an_end(comparison: &Comparison) -> Option<String> {
    if comparison.law_undecided.is_empty() {
        return None;
    }
    // The table has only what changes as stated.
    let mut names = Vec::new();
    for change in &comparison.law_undecided {
        names.push(supplement_name(change));
    }
    Some(said!(
        "As stated these stay, and whether they do is not decided by the road model: supplements {names}.",
        names = names.join(", ")
    ))
}

/// The provision and the hospital of a supplement; of another rule the hospital alone.
pub(in crate::report) fn supplement_name(change: &LawChange) -> String {
    match &change.point {
        LawPoint::Supplement { provision, .. } => {
            format!("{provision} ({})", hospital_of(&change.hospital))
        }
        _ => hospital_of(&change.hospital),
    }
}

/// What a rule says of a hospital before and after, in words.
struct Verdict<'c> {
    hospital: &'c str,
    rule: Cell,
    before: Cell,
    after: Cell,
    over_band: Option<OverBand>,
}

impl<'c> Verdict<'c> {
    fn of(comparison: &Comparison, change: &'c LawChange) -> Self {
        // Of a hospital that is not there, the law says nothing; one whose cases stay is not listed, and is there.
        let known = comparison.hospitals.iter().find(|known| known.hospital == change.hospital);
        let is_there_before = known.is_none_or(|known| known.load.before.is_some());
        let is_there_after = known.is_none_or(|known| known.load.after.is_some());
        let verdict =
            |rule: Cell, before: Option<Cell>, after: Option<Cell>, none: &'static str| Self {
                hospital: &change.hospital,
                rule,
                before: word(before, is_there_before, none),
                after: word(after, is_there_after, none),
                over_band: change.over_band,
            };

        match &change.point {
            LawPoint::Group { number, name, before, after } => verdict(
                Cell::said(|| said!("service group {number} {name}", number, name)),
                before.map(|standing| Cell::word(rules::standing(standing))),
                after.map(|standing| Cell::word(rules::standing(standing))),
                "not offered",
            ),
            LawPoint::Level { before, after } => {
                // A level is a number with a letter, the same in every language.
                let before = before.map(|level| Cell::text(level.to_string()));
                let after = after.map(|level| Cell::text(level.to_string()));
                verdict(Cell::word("federal level"), before, after, "none")
            }
            // A hospital that is gone reaches no stage, as one that lacks everything: both read "none".
            LawPoint::Stage { before, after } => Self {
                hospital: &change.hospital,
                rule: Cell::word("emergency stage that the data allows"),
                before: Cell::said(|| rules::stage_range(*before)),
                after: Cell::said(|| rules::stage_range(*after)),
                over_band: change.over_band,
            },
            LawPoint::Supplement { provision, before, after } => verdict(
                Cell::said(|| said!("supplement, {provision}", provision)),
                before.map(|verdict| Cell::word(rules::supplement_word(verdict))),
                after.map(|verdict| Cell::word(rules::supplement_word(verdict))),
                "not suitable",
            ),
        }
    }
}

/// A verdict, or what stands where there is none.
fn word(word: Option<Cell>, is_there: bool, none: &'static str) -> Cell {
    match word {
        None if !is_there => Cell::text("–"),
        word => word.unwrap_or(Cell::word(none)),
    }
}
