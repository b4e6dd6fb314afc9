//! Results for people and for other programs: plain documents of tables, ready to be printed as
//! text, JSON or CSV.
//!
//! An analysis gives a plain result struct; the functions here lay such results out as a [`Document`], and
//! [`render`] makes text, JSON or CSV of it. Every column is a constant with a stable key that has its unit in it
//! ([`COLUMNS`] says what each means); the same key names the value in JSON and the column in CSV.
//!
//! No remark names a command: where to see more is a [`Hint`], for which the program that prints a document has
//! words ([`Document::told`]).

mod after;
mod against;
mod agreements;
mod alliance;
mod band;
mod beds;
mod beside;
mod caveats;
mod closures;
pub mod columns;
mod comparison;
mod cooperation;
mod coverage;
mod document;
mod figures;
mod findings;
mod flows;
mod gains;
mod graph;
mod grouped;
mod hours;
#[cfg(feature = "import")]
mod import;
mod info;
mod limits;
mod list;
mod more_beds;
mod names;
mod namesakes;
mod overview;
mod pathway;
mod queue;
pub mod render;
mod roads;
mod route;
pub mod rules;
mod sensitivity;
mod shifts;
mod short;
mod sides;
mod simulation;

pub use after::{AfterChange, after_change};
pub use against::{Extent, against};
pub use alliance::{
    AllianceComparison, AllianceYears, ComparedBy, alliance, alliance_comparison,
    alliance_concentrated, alliance_indicators, alliance_release, alliance_without, alliance_years,
    list_alliances,
};
pub use beds::{BedsFrom, beds};
pub use closures::{ClosuresBy, ClosuresView, closures, harmless};
pub use columns::{COLUMNS, Column};
pub use comparison::{ComparisonBy, ComparisonView, SimulatedView, comparison, network_remarks};
pub use cooperation::{
    FailureShift, ProtocolFailures, ProtocolSuggestions, ProtocolValue, ProtocolValues,
    SimulatedBeds, SuggestionsView, agreement_between, agreement_sections, cooperation,
    cooperation_gains, cooperation_in_words, cooperations, failures, failures_by, suggestions,
    survey,
};
pub use coverage::{CoverageBy, coverage};
pub use document::{
    Cell, Document, Ground, Hint, Look, ONE_SCREEN, Remark, Section, Table, TableBuilder,
};
pub use findings::{Finding, Question, findings};
pub use flows::{FlowsBy, births, cases, flows, models, published};
pub use gains::{PathwayLinks, added_links, ended_links, gains, link_section, unused_links};
pub use graph::{GraphQuestion, graph};
#[cfg(feature = "import")]
pub use import::import;
pub use info::{hospital, info, quality};
pub use list::{
    list_changes, list_columns, list_derivations, list_hospitals, list_needs, list_pathways,
    list_places, list_rates, list_scenarios, list_sources, list_standards,
};
pub use more_beds::{MoreBedsView, more_beds};
pub use names::named;
pub use overview::overview;
pub use pathway::{Caller, PathwayBy, pathway, pathway_gains, pathway_route, pathways_overview};
pub use queue::queue;
pub use roads::roads;
pub use route::route;
pub use sensitivity::{SensitivityView, sensitivity};
pub use shifts::GainsBy;
pub use short::overview_in_short;
pub use sides::{MOST_SIDES, SideBySide, side_by_side};
pub use simulation::{
    SimulationBy, SimulationView, simulation, simulation_assumed, simulation_settings,
};

use crate::region::Region;

/// A document that starts with what every output names: network, day, travel model, version.
fn open(title: impl Into<String>, region: &Region) -> Document {
    let network = region.network();
    let mut document = Document::new(title)
        .on(region)
        .about("network", network.name())
        .about("as_of", network.date().to_string());
    // Hospitals and cooperations have dates; all else is as it was described, whatever day is asked for.
    let described = network.described_on();
    if described != network.date() {
        document = document.about(
            "without_dates",
            said!(
                "people, beds, staff and all else that has no dates: as on {day}",
                day = described.in_print()
            ),
        );
    }
    if let Some(hour) = hours::of_region(region) {
        document = document.about("hours", hour);
    }
    document = document
        .about("travel", region.travel())
        .about("travel_error", band::head(region))
        .about("version", concat!("verbund ", env!("CARGO_PKG_VERSION")));

    // A hole in a table of travel times looks like bad coverage: the head says so before any number.
    let places = region.places_without_journey();
    if places > 0 {
        document = document.about(
            "unreached",
            said!(
                "{places} places inside have no journey to any hospital within the cut-off",
                places
            ),
        );
    }
    let hospitals = region.hospitals_without_journey();
    if hospitals > 0 {
        document = document.about(
            "without_transfer",
            said!(
                "{hospitals} hospitals have no journey to any other within the cut-off",
                hospitals
            ),
        );
    }
    document
}
