//! What cooperations change, as tables.

mod agreement;
mod failures;
mod groups;
mod protocols;
mod short;
mod single;
mod suggestions;
mod survey;
mod used;
mod values;

pub use agreement::{SimulatedBeds, agreement_between, agreement_sections};
pub use failures::{FailureShift, ProtocolFailures, failures, failures_by};
pub use protocols::ProtocolValues;
pub(super) use short::{in_short, lead_hours};
pub use single::{ProtocolValue, cooperation, cooperation_gains};
pub use suggestions::{ProtocolSuggestions, SuggestionsView, suggestions};
pub use survey::survey;
pub use values::cooperations;

use super::document::{Cell, Document, cooperation_of, standard_of};
use super::pathway::calls;
use crate::impact::{Effect, Study};
use crate::model::Pathway;
use crate::pathways::Objective;
use crate::words;
use protocols::labels;

/// A cooperation in a sentence of the program, such as one in the head of a document: people read it by its name.
///
/// ```
/// use verbund::report::{self, CoverageBy, cooperation_in_words};
/// use verbund::{Region, coverage};
///
/// let region = Region::leipzig()?;
/// let standard = region.network().catalog().standard("stroke_unit").ok_or("no such standard")?;
/// let found = coverage::evaluate(&region, standard)?;
/// let document = report::coverage(&region, &[found], CoverageBy::Region)
///     .about("without", cooperation_in_words("tessa-eilenburg"));
/// let (_, told) = report::named(&document).about.pop().ok_or("nothing is told")?;
/// assert!(told.to_string().contains("(Telemedicine)"), "{told}");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn cooperation_in_words(key: &str) -> String {
    cooperation_of(key)
}

/// Seconds of an hour.
const HOUR: f64 = 3600.0;

/// Seconds a year as hours, without a negative zero.
fn hours(seconds: f64) -> Cell {
    // Sums over all patients leave a rest of less than a millionth of an hour, which would print as -0.0.
    Cell::number((seconds / HOUR * 1e6).round() / 1e6 + 0.0, 1)
}

/// People as a whole number.
fn people(people: f64) -> Cell {
    Cell::number(people.round(), 0)
}

/// Hours a year that an effect saves.
fn saved(effect: &Effect) -> Cell {
    hours(effect.net_seconds())
}

/// People who are done sooner.
fn sooner(effect: &Effect) -> Cell {
    people(effect.people)
}

/// People who are done later.
fn later(effect: &Effect) -> Cell {
    people(effect.people_later)
}

/// People who have a way by it only.
fn with_way(effect: &Effect) -> Cell {
    people(effect.people_with_way)
}

/// Mean time of a case that is done sooner.
fn per_case(effect: &Effect) -> Cell {
    Cell::maybe_minutes(effect.seconds_per_case())
}

/// The figures of a protocol, and of the one beside it where there is one.
fn both<'a, T>(lead: &'a T, beside: Option<&'a T>) -> Vec<&'a T> {
    let mut both = vec![lead];
    both.extend(beside);
    both
}

/// A text with a capital letter: labels stand inside sentences, too, and begin small.
fn first_upper(text: &str) -> String {
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => format!("{}{}", first.to_uppercase(), letters.as_str()),
        None => String::new(),
    }
}

/// What times are counted to.
fn objective(study: &Study<'_>) -> String {
    match &study.query().objective {
        Objective::Stage(key) => said!("the end of {key}", key),
        // To be first in every stage is for one person; figures of a region count the last one then.
        _ => said!("the end of the last stage"),
    }
}

/// The key of the stage until which times of a pathway are counted.
fn until(study: &Study<'_>, pathway: &Pathway) -> String {
    match &study.query().objective {
        Objective::Stage(key) => key.clone(),
        _ => match pathway.stages.last() {
            Some(stage) => stage.key.clone(),
            None => String::new(),
        },
    }
}

/// How everything in these documents is counted, for readers.
fn counted(study: &Study<'_>) -> String {
    let cases = if study.are_cases() {
        "over all cases of a year"
    } else {
        "as if every resident were a case once a year, because a pathway does not say whose cases it takes"
    };
    // Times would not add up if no way had none, and a cooperation that gives somebody a first way would save nothing.
    said!(
        "Patients and people are those who live inside the region; over several pathways, people are those of the pathway in which they are most. Hours: time to {study}, {cases}; no way counts as 6 hours, for elective pathways as 60 days (assumed).",
        study = objective(study),
        cases = words::of(cases)
    )
}

/// What studies have in common, above their tables, and their protocols.
fn about(document: Document, studies: &[&Study<'_>]) -> Document {
    let Some(study) = studies.first() else { return document };
    let pathways: Vec<String> = study.pathways().map(|pathway| standard_of(&pathway.key)).collect();
    let query = study.query();
    let mut document = document
        .about("pathways", pathways.join(", "))
        .about("when", calls(query.when))
        .about("protocol", labels(studies))
        .about("objective", objective(study));

    // Added cooperations that are out are not yet there: nothing is taken away.
    let network = study.region().network();
    let mut without: Vec<String> = Vec::new();
    for &id in &query.outage.cooperations {
        if let Some(cooperation) = network.cooperation(id) {
            without.push(cooperation_of(&cooperation.key));
        }
    }
    if !without.is_empty() {
        document = document.about("without", without.join(", "));
    }

    let unmet: Vec<String> = study.unmet().iter().map(ToString::to_string).collect();
    if unmet.is_empty() { document } else { document.about("cannot_be_done", unmet.join("; ")) }
}
