//! What the law says before and after.

use super::count;
use crate::comparison::{Comparison, LawPoint};
use crate::report::document::{Cell, Section, Table};
use crate::report::rules;

pub(super) fn law(found: &Comparison) -> Section {
    let mut table = Table::new(&["hospital", "rule", "before_verdict", "after_verdict"]);
    for one in &found.law {
        // Of a hospital that is not there, the law says nothing.
        let own = found.hospitals.iter().find(|own| own.hospital == one.hospital);
        let is_there =
            own.map_or((true, true), |own| (own.load.before.is_some(), own.load.after.is_some()));
        let word = |word: Option<&str>, is_there: bool, none: &str| match word {
            None if !is_there => "–".to_owned(),
            word => word.unwrap_or(none).to_owned(),
        };
        let pair = |before: Option<&str>, after: Option<&str>, none: &str| {
            [word(before, is_there.0, none), word(after, is_there.1, none)]
        };
        let (rule, [before, after]) = match &one.point {
            LawPoint::Group { number, name, before, after } => {
                let words = [before, after].map(|one| one.map(rules::standing));
                (format!("service group {number} {name}"), pair(words[0], words[1], "not offered"))
            }
            LawPoint::Level { before, after } => {
                let words = [before, after].map(|one| one.map(|level| level.to_string()));
                let [before, after] = &words;
                ("federal level".to_owned(), pair(before.as_deref(), after.as_deref(), "none"))
            }
            LawPoint::Stage { before, after } => {
                let words = [before, after].map(|one| rules::stage_range(*one));
                ("emergency stage that the data allows".to_owned(), words)
            }
            LawPoint::Supplement { provision, before, after } => {
                let words = [before, after].map(|one| one.map(rules::supplement_word));
                (format!("supplement, {provision}"), pair(words[0], words[1], "not suitable"))
            }
        };
        let hospital = Cell::text(&one.hospital);
        table.row(vec![hospital, Cell::text(rule), Cell::text(before), Cell::text(after)]);
    }
    let note = if found.law.is_empty() {
        "No verdict changes."
    } else {
        "Only verdicts that change; a dash: the hospital is not there. Supplement: of coverage that a \
         closure would endanger and low demand, which holds. Who offers which service group is assumed; see verbund rules groups, \
         levels, emergency and supplement."
    };
    let mut section = Section::new("law", "What the law then says", table).note(note);
    for one in &found.without_site {
        if let Some(more) = one.after.checked_sub(one.before).filter(|more| *more > 0) {
            let (provision, more) = (&one.provision, count(more));
            section = section.note(format!(
                "Supplement, {provision}: {more} more people reach no suitable site at all; no test counts them."
            ));
        }
    }
    section
}
