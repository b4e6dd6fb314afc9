//! What hurts when it fails.

use super::{about, people};
use crate::comparison::{GroupShift, PathwayShift, PlaceShift, Served, Shift};
use crate::impact::{Failed, Failure, Study};
use crate::pathways::{Measured, Protocol};
use crate::report::band;
use crate::report::columns::{
    BACKUP_MINUTES, CASES_OVER, DISTRICT, FAILED, LATER_MINUTES, MEAN_AFTER_MINUTES,
    MEAN_BEFORE_MINUTES, MOST_MINUTES, OVER_BAND, PATHWAY, PEOPLE_BEYOND_AFTER, PEOPLE_LATER,
    PEOPLE_LOSING_WAY, PLACE, PLACE_NAME, PROTOCOL, WHAT,
};
use crate::report::document::{Cell, Document, Section, Table, cooperation_of, standard_of};
use crate::report::namesakes::Namesakes;
use crate::report::shifts::{beyond, is_seen};
use crate::report::{GainsBy, open};
use crate::units::Seconds;

/// What hurts when it fails under the protocol of a study.
#[derive(Debug, Clone, Copy)]
pub struct ProtocolFailures<'a, 'r> {
    /// The study.
    pub study: &'a Study<'r>,
    /// What was found, in the order of its rows.
    pub failures: &'a [Failure],
}

impl<'a> ProtocolFailures<'a, '_> {
    /// Those that are told: not the failure of a door that costs exactly what that of its hospital does.
    pub fn told(&self) -> Vec<&'a Failure> {
        let mut told = Vec::new();
        for failure in self.failures {
            if !is_told(failure, self.failures) {
                told.push(failure);
            }
        }
        told
    }
}

/// What hurts when it fails, under the protocol of a study and, beside it, of another one.
pub fn failures(
    lead: ProtocolFailures<'_, '_>,
    beside: Option<ProtocolFailures<'_, '_>>,
    limit: Seconds,
) -> Document {
    let mut protocols = vec![lead];
    protocols.extend(beside);
    let mut rows = Vec::new();
    for protocol in &protocols {
        for failure in protocol.told() {
            rows.push((protocol.study, failure));
        }
    }

    let mut verdicts = band::Verdicts::default();
    for (study, failure) in &rows {
        let name = format!(
            "{} ({})",
            standard_of(&failure.pathway),
            cooperation_of(key_of(study, failure))
        );
        verdicts.add(&name, failure.over_band);
    }
    let has_band = rows.iter().any(|(_, failure)| failure.over_band.is_some());
    let table = Table::of(rows)
        .column(PROTOCOL, |(study, _)| protocol(study.query().protocol))
        .column(PATHWAY, |(_, failure)| Cell::text(&failure.pathway))
        .column(WHAT, |(_, failure)| Cell::word(what(failure)))
        .column(FAILED, |(study, failure)| Cell::text(key_of(study, failure)))
        .column(PEOPLE_LOSING_WAY, |(_, failure)| people(failure.people_without_way))
        .column(PEOPLE_LATER, |(_, failure)| people(failure.people_later))
        .column(BACKUP_MINUTES, |(_, failure)| Cell::maybe_minutes(failure.backup_seconds))
        // Without a backup nobody has a longest way: zero would read as none lost.
        .column(MOST_MINUTES, |(_, failure)| match failure.backup_seconds {
            Some(_) => Cell::time(failure.longest),
            None => Cell::Missing,
        })
        .column(CASES_OVER, |(_, failure)| Cell::number(failure.cases, 1))
        .column(OVER_BAND, |(_, failure)| band::word(failure.over_band))
        .build()
        .hide_if(beside.is_none(), &[PROTOCOL])
        .hide_if(!has_band, &[OVER_BAND]);

    let studies: Vec<&Study<'_>> = protocols.iter().map(|protocol| protocol.study).collect();
    let heading =
        said!("What leaves somebody without a way, or costs somebody more than {limit}", limit);
    let document = about(open("Critical edges", lead.study.region()), &studies);
    document.about("more_than", limit.to_string()).section(
        Section::new("critical", heading, table)
            .note("Hospital: it is gone. Door: nobody is brought there from outside, transfers and help over cooperations still work; listed where that is another loss.")
            .note("Cases: those that use it now. Backup: mean extra minutes of those of them who still have a way; a dash where nobody has.")
            .maybe_note(band::undecided(lead.study.region(), &verdicts)),
    )
}

/// Who is sooner and later in a pathway when something fails.
#[derive(Debug, Clone)]
pub struct FailureShift<'a, 'r> {
    /// The study.
    pub study: &'a Study<'r>,
    /// What fails.
    pub failure: &'a Failure,
    /// From now to then.
    pub shift: PathwayShift,
}

/// Some people whom a failure moves.
struct Hit<'a, 'r> {
    hurt: &'a FailureShift<'a, 'r>,
    district: &'a str,
    place: Option<&'a PlaceShift>,
    shift: Shift,
    before: Served,
    after: Served,
}

/// Whom each failure hurts until the end of the last stage, by district or place: those who are later, by how much,
/// and those who have no way any more.
pub fn failures_by(
    studies: &[&Study<'_>],
    shifts: &[FailureShift<'_, '_>],
    by: GainsBy,
    limit: Seconds,
) -> Document {
    let mut rows = Vec::new();
    for hurt in shifts {
        let last = hurt.shift.clocks.iter().rev();
        let mut last = last.filter(|clock| matches!(clock.measured, Measured::Stage(_)));
        let Some(clock) = last.next() else { continue };
        match by {
            GainsBy::District => rows.extend(clock.districts.iter().map(|district| {
                let GroupShift { name, shift, before, after } = district;
                let (shift, before, after) = (*shift, *before, *after);
                Hit { hurt, district: name, place: None, shift, before, after }
            })),
            GainsBy::Place => rows.extend(clock.places.iter().map(|place| {
                let PlaceShift { district, shift, before, after, .. } = place;
                let (shift, before, after) = (*shift, *before, *after);
                Hit { hurt, district, place: Some(place), shift, before, after }
            })),
        }
    }
    rows.retain(|row| is_seen(&row.shift));
    let Some(lead) = studies.first() else { return Document::new("Critical edges") };

    let namesakes = Namesakes::new(lead.region());
    let is_by_district = by == GainsBy::District;
    let table = Table::of(rows)
        .column(PROTOCOL, |row| protocol(row.hurt.study.query().protocol))
        .column(PATHWAY, |row| Cell::text(&row.hurt.failure.pathway))
        .column(WHAT, |row| Cell::word(what(row.hurt.failure)))
        .column(FAILED, |row| Cell::text(key_of(row.hurt.study, row.hurt.failure)))
        .detail_if(!is_by_district, DISTRICT, |row| Cell::text(row.district))
        .detail(PLACE, |row| Cell::maybe_text(row.place.map(|place| &place.place)))
        .detail_if(is_by_district, PLACE_NAME, |row| match row.place {
            Some(place) => namesakes.place_of_key(&place.place, &place.name),
            None => Cell::Missing,
        })
        .detail_if(!is_by_district, PEOPLE_BEYOND_AFTER, |row| beyond(&row.after))
        .column(PEOPLE_LOSING_WAY, |row| people(row.shift.without_way))
        .column(PEOPLE_LATER, |row| people(row.shift.later.people()))
        .column(LATER_MINUTES, |row| {
            let later = row.shift.later;
            Cell::maybe_minutes(later.seconds_per_case().or(later.mean_seconds()))
        })
        .detail(MEAN_BEFORE_MINUTES, |row| Cell::maybe_minutes(row.before.mean_seconds))
        .detail(MEAN_AFTER_MINUTES, |row| Cell::maybe_minutes(row.after.mean_seconds))
        .build()
        .hide_if(studies.len() < 2, &[PROTOCOL]);
    let heading = said!(
        "Whom it hurts, of what leaves somebody without a way or costs somebody more than {limit}",
        limit
    );
    about(open("Critical edges", lead.region()), studies).about("more_than", limit.to_string()).section(
        Section::new("critical_by", heading, table).note(
            "Until the end of the last stage. No way: people who get there now and do not then. Later: everybody whose time \
             rises, by how many minutes on average of their patients, also by less than the limit; by medians of durations.",
        ),
    )
}

/// A protocol by its key for programs, in words for people.
fn protocol(protocol: Protocol) -> Cell {
    Cell::both(protocol.key(), protocol.label())
}

/// The key of what fails.
fn key_of<'a>(study: &'a Study<'_>, failure: &Failure) -> &'a str {
    match failure.what {
        Failed::Cooperation(index) => &study.cooperation(index).key,
        Failed::Door(id) | Failed::Hospital(id) => &study.region().network()[id].key,
    }
}

/// What fails, in a word.
fn what(failure: &Failure) -> &'static str {
    match failure.what {
        Failed::Cooperation(_) => "cooperation",
        Failed::Door(_) => "door",
        Failed::Hospital(_) => "hospital",
    }
}

/// Whether the failure of a door costs exactly what that of its hospital does, which has a row of its own.
fn is_told(door: &Failure, failures: &[Failure]) -> bool {
    let Failed::Door(id) = door.what else { return false };
    // Every figure but the name: a hospital that is a door and nothing else loses the same by either.
    let hospital = Failure { what: Failed::Hospital(id), ..door.clone() };
    failures.contains(&hospital)
}
