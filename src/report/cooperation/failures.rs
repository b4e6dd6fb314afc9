//! What hurts when it fails.

use super::{about, people};
use crate::impact::{Failed, Failure, Study};
use crate::report::columns::{
    BACKUP_MINUTES, CASES_OVER, FAILED, MOST_MINUTES, PATHWAY, PEOPLE_LATER, PEOPLE_LOSING_WAY,
    PROTOCOL, WHAT,
};
use crate::report::document::{Cell, Document, Section, Table};
use crate::report::open;
use crate::units::Seconds;

/// What hurts when it fails under the protocol of a study.
#[derive(Debug, Clone, Copy)]
pub struct ProtocolFailures<'a, 'r> {
    /// The study.
    pub study: &'a Study<'r>,
    /// What was found, in the order of its rows.
    pub failures: &'a [Failure],
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
        for failure in protocol.failures {
            if !is_told(failure, protocol.failures) {
                rows.push((protocol.study, failure));
            }
        }
    }

    let table = Table::of(rows)
        .column(PROTOCOL, |(study, _)| Cell::text(study.query().protocol.key()))
        .column(PATHWAY, |(_, failure)| Cell::text(&failure.pathway))
        .column(WHAT, |(_, failure)| match failure.what {
            Failed::Cooperation(_) => Cell::text("cooperation"),
            Failed::Door(_) => Cell::text("door"),
            Failed::Hospital(_) => Cell::text("hospital"),
        })
        .column(FAILED, |(study, failure)| match failure.what {
            Failed::Cooperation(index) => Cell::text(&study.cooperation(index).key),
            Failed::Door(id) | Failed::Hospital(id) => {
                Cell::text(&study.region().network()[id].key)
            }
        })
        .column(PEOPLE_LOSING_WAY, |(_, failure)| people(failure.people_without_way))
        .column(PEOPLE_LATER, |(_, failure)| people(failure.people_later))
        .column(BACKUP_MINUTES, |(_, failure)| Cell::maybe_minutes(failure.backup_seconds))
        // Without a backup nobody has a longest way: zero would read as none lost.
        .column(MOST_MINUTES, |(_, failure)| match failure.backup_seconds {
            Some(_) => Cell::time(failure.longest),
            None => Cell::Missing,
        })
        .column(CASES_OVER, |(_, failure)| Cell::number(failure.cases, 1))
        .build()
        .hide_if(beside.is_none(), &[PROTOCOL]);

    let studies: Vec<&Study<'_>> = protocols.iter().map(|protocol| protocol.study).collect();
    let heading =
        format!("What leaves somebody without a way, or costs somebody more than {limit}");
    let document = about(open("Critical edges", lead.study.region()), &studies);
    document.about("more_than", limit.to_string()).section(
        Section::new("critical", heading, table)
            .note("Hospital: it is gone. Door: nobody is brought there from outside, transfers and help over cooperations still work; listed where that is another loss.")
            .note("Cases: those that use it now. Backup: mean extra minutes of those of them who still have a way; a dash where nobody has."),
    )
}

/// Whether the failure of a door costs exactly what that of its hospital does, which has a row of its own.
fn is_told(door: &Failure, failures: &[Failure]) -> bool {
    let Failed::Door(id) = door.what else { return false };
    // Every figure but the name: a hospital that is a door and nothing else loses the same by either.
    let hospital = Failure { what: Failed::Hospital(id), ..door.clone() };
    failures.contains(&hospital)
}
