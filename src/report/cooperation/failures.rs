//! What hurts when it fails.

use super::about;
use crate::impact::{Failed, Failure, Study};
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
    let mut table = Table::new(&[
        "protocol",
        "pathway",
        "what",
        "failed",
        "people_losing_way",
        "people_later",
        "backup_minutes",
        "most_minutes",
        "cases_over",
    ]);
    let mut protocols = vec![lead];
    protocols.extend(beside);
    for protocol in &protocols {
        for failure in protocol.failures {
            if !is_told(failure, protocol.failures) {
                table.row(failure_row(protocol.study, failure));
            }
        }
    }
    let table = if beside.is_none() { table.details(&["protocol"]) } else { table };

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

fn failure_row(study: &Study<'_>, failure: &Failure) -> Vec<Cell> {
    let network = study.region().network();
    let (what, key) = match failure.what {
        Failed::Cooperation(index) => ("cooperation", study.cooperations()[index].key.as_str()),
        Failed::Door(id) => ("door", network[id].key.as_str()),
        Failed::Hospital(id) => ("hospital", network[id].key.as_str()),
    };
    let pathway = study.pathways().nth(failure.pathway);
    // Without a backup nobody has a longest way: zero would read as none lost.
    let longest = Cell::Minutes(f64::from(failure.longest.0));
    vec![
        Cell::text(study.query().protocol.key()),
        Cell::maybe_text(pathway.map(|pathway| pathway.key.as_str())),
        Cell::text(what),
        Cell::text(key),
        Cell::Number(failure.people_without_way.round(), 0),
        Cell::Number(failure.people_later.round(), 0),
        Cell::maybe_minutes(failure.backup_seconds),
        failure.backup_seconds.map_or(Cell::Missing, |_| longest),
        Cell::Number(failure.cases, 1),
    ]
}

/// Whether the failure of a door costs exactly what that of its hospital does, which has a row of its own.
fn is_told(door: &Failure, failures: &[Failure]) -> bool {
    let Failed::Door(id) = door.what else { return false };
    let hospital = Failure { what: Failed::Hospital(id), ..door.clone() };
    failures.contains(&hospital)
}
