//! Agreements that end or change, and who counts for which standard.

use crate::comparison::{CountingDifference, NetworkDifference};
use crate::model::Parties;
use crate::report::columns::{AFTER_STATE, BEFORE_STATE, HOSPITAL, SUBJECT, SUBJECT_KEY};
use crate::report::document::{
    Cell, Section, Table, alliance_of, cooperation_of, hospital_of, standard_of,
};
use crate::report::grouped::Grouped;
use crate::words;

/// What of a network is other after a change, a row each.
pub(super) fn network(difference: &NetworkDifference) -> Section {
    let table = Table::of(rows(difference))
        .column(SUBJECT, |row| Cell::word(row.subject))
        .column(SUBJECT_KEY, |row| Cell::both(&row.key, row.named()))
        .column(HOSPITAL, |row| Cell::maybe_text(row.hospital.as_deref()))
        .detail(BEFORE_STATE, |row| row.before.clone())
        .column(AFTER_STATE, |row| row.after.clone())
        .build();
    // Keys are long: text has room for how it stands then.
    let section = Section::new("network", "What ends, starts, and who counts", table);
    if difference.is_empty() {
        return section
            .in_words("No agreement, membership or site that counts for a standard changes.");
    }
    section.note(
        "Agreements of a hospital that is gone end, or go on among the others where two are left; those of a \
         merged one go on with the site that stays. Sites that count for a standard are those that meet what it \
         asks for.",
    )
}

/// What of a network is other after a change, in sentences without a full stop.
pub fn network_remarks(difference: &NetworkDifference) -> Vec<String> {
    let mut remarks = Vec::new();
    for row in rows(difference) {
        let hospital = row.hospital.map_or_else(String::new, |hospital| format!(", {hospital}"));
        remarks.push(said!(
            "{subject} {row}{hospital}: {before}; then {after}",
            subject = words::of(row.subject),
            row = row.key,
            hospital,
            before = row.before.display(),
            after = row.after.display()
        ));
    }
    remarks
}

/// What a change ends and starts beside what it is about, shortly: agreements, memberships, branches that lose
/// their main site, who counts for which standard.
pub(in crate::report) fn network_in_short(found: &NetworkDifference) -> Vec<String> {
    let mut told = Grouped::default();
    for change in &found.cooperations {
        let key = cooperation_of(&change.cooperation);
        match (&change.before, &change.after) {
            (_, None) => told.add("agreements at an end", key),
            (None, Some(_)) => told.add("new agreements", key),
            (Some(before), Some(after)) if before == after => {
                told.add("agreements on other terms", key);
            }
            _ => told.add("agreements among others", key),
        }
    }
    for change in &found.members {
        let what = if change.joins { "new members" } else { "members no more" };
        told.add(
            what,
            said!(
                "{hospital} of {alliance}",
                hospital = hospital_of(&change.hospital),
                alliance = alliance_of(&change.alliance)
            ),
        );
    }
    for branch in &found.without_main {
        told.add("branches without a main site", hospital_of(branch));
    }
    let mut told = told.told(": ");

    // By hospital: one that closes counts for many standards no more.
    for (is_now, what) in [(false, "count no more"), (true, "count newly")] {
        let mut standards = Grouped::default();
        for change in &found.counting {
            let (was, is) = (change.before == Some(true), change.after == Some(true));
            if was != is && is == is_now {
                standards.add(&change.hospital, standard_of(&change.standard));
            }
        }
        let between = words::of(" for ");
        let mut by_hospital = Vec::new();
        for (hospital, standards) in standards.groups() {
            by_hospital.push(format!("{}{between}{}", hospital_of(hospital), standards.join(", ")));
        }
        if !by_hospital.is_empty() {
            told.push(format!("{}: {}", words::of(what), by_hospital.join(", ")));
        }
    }
    told
}

/// A row of the table.
struct Row {
    subject: &'static str,
    key: String,
    hospital: Option<String>,
    before: Cell,
    after: Cell,
}

impl Row {
    /// The key of what it is about, for people by name.
    fn named(&self) -> String {
        // Subjects are words of `rows` below; what is none of the others is a standard.
        match self.subject {
            "agreement" => cooperation_of(&self.key),
            "member of" => alliance_of(&self.key),
            "branch" => hospital_of(&self.key),
            _ => standard_of(&self.key),
        }
    }
}

fn rows(difference: &NetworkDifference) -> Vec<Row> {
    let mut rows = Vec::new();
    for change in &difference.cooperations {
        // The same parties before and after would read as if nothing changed.
        let is_same = change.before == change.after;
        rows.push(Row {
            subject: "agreement",
            key: change.cooperation.clone(),
            hospital: None,
            before: parties(change.before.as_ref(), "not at work"),
            after: match &change.after {
                Some(after) if is_same => {
                    Cell::said(|| said!("{parties}, on other terms", parties = in_words(after)))
                }
                after => parties(after.as_ref(), "at an end"),
            },
        });
    }

    for change in &difference.members {
        let (before, after) = if change.joins { ("no", "yes") } else { ("yes", "no") };
        rows.push(Row {
            subject: "member of",
            key: change.alliance.clone(),
            hospital: Some(change.hospital.clone()),
            before: Cell::word(before),
            after: Cell::word(after),
        });
    }

    for branch in &difference.without_main {
        rows.push(Row {
            subject: "branch",
            key: branch.clone(),
            hospital: None,
            before: Cell::word("of a main site"),
            after: Cell::word("without a main site"),
        });
    }

    for change in &difference.counting {
        rows.push(Row {
            subject: "standard",
            key: change.standard.clone(),
            hospital: Some(change.hospital.clone()),
            before: Cell::word(counts(change.before)),
            after: Cell::said(|| after(change)),
        });
    }
    rows
}

fn parties(parties: Option<&Parties>, none: &'static str) -> Cell {
    match parties {
        Some(parties) => Cell::both(in_words(parties), in_words(parties)),
        None => Cell::word(none),
    }
}

fn in_words(parties: &Parties) -> String {
    match parties {
        Parties::Mutual(partners) => named(partners),
        Parties::Directed { from, to } => format!("{} → {}", hospital_of(from), named(to)),
    }
}

fn named(hospitals: &[String]) -> String {
    let named: Vec<String> = hospitals.iter().map(|key| hospital_of(key)).collect();
    named.join(", ")
}

fn counts(counts: Option<bool>) -> &'static str {
    match counts {
        Some(true) => "counts",
        Some(false) => "does not count",
        None => "is not there",
    }
}

fn after(change: &CountingDifference) -> String {
    match change.after {
        Some(false) if !change.missing.is_empty() => {
            said!("does not count: {missing}", missing = words::each_of(&change.missing).join(", "))
        }
        after => words::of(counts(after)).into_owned(),
    }
}
