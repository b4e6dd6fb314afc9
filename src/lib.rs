//! `verbund` models a region's hospitals as nodes (care level, specialties, facilities, beds) and
//! their cooperations as edges, and answers who reaches which care in what time, which way patients
//! go to definitive care, and what one cooperation changes in that.
//!
//! The first region, Leipzig / Nordwestsachsen, comes with the crate: 132 hospital sites (34 inside, of
//! which one closed in 2025, and 98 around), 39 cooperations, and 1,058,179 people in 123 places. Every
//! value that nobody published is marked as assumed, down to the report.
//!
//! To read first: [what the words mean](guide::glossary), [what is assumed](guide::assumptions),
//! [the files of a network and every kind of change](guide::network_format),
//! [networks from official files](guide::import), [the program's commands](guide::commands),
//! [how fast it is](guide::performance), [how the house is built](guide::architecture).
//!
//! ```
//! use verbund::routing::{self, Choice, Flows, Need};
//! use verbund::{Region, coverage};
//!
//! // The region of today's file, with its travel times.
//! let region = Region::leipzig()?;
//! let network = region.network();
//!
//! // Who reaches a stroke unit within 30 minutes?
//! let standard = network.catalog().standard("stroke_unit").expect("it is in the catalog");
//! let coverage = coverage::evaluate(&region, standard)?;
//! assert!(coverage.share_within_limit() > Some(0.9));
//! assert_eq!(region.place(coverage.gaps()[0].place).name, "Torgau");
//!
//! // Where does a person in Torgau go with a stroke?
//! let torgau = region.find_place("Torgau")?;
//! let need = Need::find(network.catalog(), "stroke_unit")?;
//! let first = &routing::options(&region, torgau, &need)[0];
//! assert_eq!(network[first.hospital].key, "fkh-hubertusburg");
//!
//! // How full do the hospitals get when everybody goes to the nearest?
//! let flows = Flows::of_region(&region, Choice::Nearest)?;
//! assert!(flows.loads.iter().all(|load| load.cases >= 0.0));
//!
//! // A region is read once and shared by threads.
//! fn shared<T: Send + Sync>(_: &T) {}
//! shared(&region);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # By question
//!
//! | question | answer |
//! |---|---|
//! | How do I get the network of my region? | [`files::Folder`]; from official files `import::ImportFiles` (feature `import`) |
//! | Who reaches care that meets a standard, in what time? | [`coverage::evaluate`], [`coverage::Reach`] |
//! | What of it holds at night, at weekends, over the week, where not all is always open? | [`Region::in_hour`], [`coverage::Week`] |
//! | Which places have gaps? How long to the second hospital? | [`coverage::Coverage::gaps`], [`coverage::PlaceCoverage`] |
//! | Which single closure hurts most, per standard? | [`coverage::Coverage::single_points_of_failure`] |
//! | Which closure, pair or triple hurts most, and which more than the sum? Who takes the cases? | [`planning::closures::search`], [`planning::closures::Aftermaths`] |
//! | Which hospitals could all close with nobody beyond a limit, and enough beds elsewhere? | [`planning::closures::harmless`], [`planning::closures::harmless_with_beds`] |
//! | Where does one person go, and why not elsewhere? | [`routing::options`] |
//! | Where do the cases of a year go, and how full do hospitals get? | [`routing::Flows`], [`routing::Choice`] |
//! | Whose patients come from beyond the places (`from_beyond`), and from beyond the region? | [`model::Hospital::from_beyond`], [`routing::HospitalLoad::share_from_outside`] |
//! | Do these flows agree with what happened? | [`routing::check_births`], [`routing::check_models`], [`overview::published_figures`] |
//! | Who works with whom? Who holds the network together? | [`model::CooperationGraph`]; for a graph of your own [`model::Network::links`] |
//! | Who depends on whom for a field? | [`model::CooperationGraph::dependences`] |
//! | What was the network like on a day? | [`model::Network::as_of`] |
//! | How many cases does a place have? | [`demand::Demand`] |
//! | How long is the journey? | [`travel::TravelTimes`], [`travel::CrowFly`], [`travel::TravelTable`] |
//! | How long to definitive care, over which doors and agreements? | [`pathways::Prepared::evaluate`], [`pathways::Outcome`] |
//! | Who is in time, by whose clock, and does it agree with what was published? | [`pathways::Outcome::targets`], [`pathways::Outcome::published`] |
//! | Which way does one person go, leg by leg? And the alternatives? | [`pathways::Prepared::route`], [`pathways::Prepared::routes`] |
//! | What does this cooperation change, by the nearest door and by a free choice? | [`impact::Study::values`], [`impact::Study::compare`], [`impact::PROTOCOLS`] |
//! | How much of what all bring is its own? | [`impact::Study::shapley`] |
//! | Which cooperations next? And why do the others bring nothing? | [`impact::suggest`], [`impact::survey`] |
//! | What could an agreement change, field by field, and what cannot be said? | [`agreement::Agreement`], [`agreement::simulate_beds`] |
//! | What hurts when it fails? | [`impact::Study::failures`] |
//! | How full do the hospitals get, who waits, who is turned away, and how sure is that? | [`simulation::simulate`], [`simulation::Figure`] |
//! | Where do patients end up when hospitals are full? How long to each stage then? | [`simulation::Results::place_waits`], [`simulation::Results::stage_waits`] |
//! | What does a winter, a closed department or an incident do to all that? | [`simulation::PatientFlow`] with a [`scenario::Scenario`], [`simulation::Results::change`] |
//! | Who is brought where after an incident? | [`simulation::PatientFlow::allocations`] |
//! | What happened to every single patient? | [`simulation::trace`] |
//! | How full does any network of queues get, who waits, who is lost? | [`queueing::Simulator`], [`queueing::Model`] |
//! | How many patients does a full ward refuse, how long is a queue, what do shared beds save? | [`queueing::formulas`] |
//! | How many beds keep refusals or waits below a share, by formula and by simulation? | [`simulation::BedQuestion`], [`queueing::formulas::beds_for`] |
//! | What does a run take for granted, and how do I start from a count of today? | [`simulation::SETTINGS`], [`simulation::SettingsFile`], [`simulation::Census`] |
//! | How robust is the answer? | [`simulation::Sensitivity`], [`simulation::Tornado`], [`simulation::Hypercube`] |
//! | How sure is a mean, or a difference? | [`stats::Interval`] |
//! | How do I hand it out: map, figures and a what-if in one file? | `page::render` (feature `page`) |
//! | How do I bring my own region? From memory? In code? | [`files::Folder`], [`files::Folder::of_files`], [`model::NetworkBuilder`] |
//! | How do I measure journeys over real roads, and how far off may they be? | [`roads::RoadMap`], [`roads::RoadTravel`]; [`model::Margin`], [`Region::margin`], [`Region::at_ends`] |
//! | How do I bring my own travel times? | [`travel::from_fn`], [`travel::from_rows`], [`travel::TravelModel`], [`Region::with_travel`] |
//! | How do I write down what changes, when and why? | [`scenario::Scenario`]; [`scenario::Change`] with an example of each kind; [`guide::network_format`] |
//! | What is the network, or the region, once that has changed? | [`scenario::under`], [`Region::apply`]; judged once: [`Region::check_scenarios`] |
//! | Who gains and who loses by a change, in care, pathways, beds and law? | [`comparison::compare`], [`comparison::Base`], [`comparison::pathway_shift`], [`comparison::simulated`] |
//! | Several scenarios beside a region, each or together, as on which day? | [`comparison::Plan`] |
//! | How do I print an answer after a change, with what else ends by it, or beside the one before? | [`report::after_change`], [`report::against`] |
//! | The main figures of several scenarios on one page? | [`report::side_by_side`] |
//! | Which agreements end by it, and who counts for which standard then? | [`comparison::NetworkDifference`] |
//! | What is wrong with my files? With what I built in code? | [`problem::Problems`], [`model::Model::check`] |
//! | What is there to say about a region at a glance? | [`overview::Overview`], [`report::overview`]; on one screen: [`report::overview_in_short`], [`report::findings`] |
//! | How do I get it in German? | [`words::in_language`] |
//! | How much is assumed? | [`report::quality`]; in words: [`guide::assumptions`] |
//! | Which service groups may a site keep, alone or with which partner? | [`rules::Assessment`] |
//! | Which new agreement unlocks most service groups? | [`rules::unlocks`] |
//! | Which federal level does a site reach? What counts as one site? | [`rules::levels`], [`rules::sites()`] |
//! | Whose closure would leave too many too far from care (supplements)? How robust is that? | [`rules::Supplement`], [`rules::SupplementSensitivity`] |
//! | Which emergency stage would a hospital's departments and beds allow? | [`rules::emergency_stages`] |
//! | Does it fail, or do the data lack something? What of it is told once? | [`model::Answer`], [`model::Gaps`], [`model::Recorded`] |
//! | Who falls below a minimum volume, and what would pooling do? How robust is that? | [`rules::minimum_volumes`], [`rules::VolumeSensitivity`] |
//! | How do I write a result as JSON, with the keys of hospitals and places? | [`Region::keyed`] |
//! | Who is in an alliance, and what does membership do to care? | [`alliance::alliance_view`] |
//! | How do members compare: who differs by more than chance, and by more than members differ anyway? | [`alliance::compare_members`], [`alliance::read_indicators`], [`alliance::computed_indicators`] |
//! | What would the region lose without a member? Which standards fall where a field is concentrated? | [`alliance::without_member`], [`alliance::concentrate`] |
//! | Which figures of an alliance may people outside see? | [`alliance::release()`], [`alliance::attack`] |
//! | How do I print it? | [`report::Document`], [`report::render`], [`report::COLUMNS`]; with names instead of keys: [`report::named`] |
//! | How do I write a file whole or not at all? | [`disk::WholeFile`] |
//! | How do I stop a long call, or show how far it is? | [`run::Control`]; see [long calls](#long-calls) |
//!
//! # The way of the data
//!
//! Files -> [`model`] -> [`region`] (with [`travel`] and [`demand`]) -> an analysis ([`coverage`],
//! [`routing`], [`pathways`], and [`impact`] on top of it) -> a plain result struct -> [`report`]. No
//! analysis reads a file, prints, or changes a region. The same input gives the same bytes on any number
//! of threads. The map of the house: [`guide::architecture`].
//!
//! A [`Region`] is read once and then only read: it is `Send` and `Sync`, so that threads share it behind
//! an `Arc`. A scenario makes another one ([`Region::apply`]).
//!
//! # Long calls
//!
//! These take a [`run::Control`], which stops them; where their docs say what they count, it hears their progress, too:
//! [`simulation::simulate`], [`simulation::Sensitivity`] (`tornado`, `hypercube`), [`simulation::BedQuestion`]
//! (`answer_until`), [`queueing::Simulator`] (`replications`, `run_until`), [`queueing::replicate`],
//! [`planning::closures::harmless`], [`planning::closures::harmless_with_beds`], [`planning::closures::Aftermaths`]
//! (`of_until`, `of_each`), and with the feature `import` `ImportFiles::read` and `Import::write`.
//!
//! # Examples
//!
//! One program for each question, in `examples/` (`cargo run --example NAME`), on files of the crate:
//!
//! | question | example |
//! |---|---|
//! | How do I load a network, and ask for a day of the past? | `load_and_inspect` |
//! | How do I build one in code, with my own travel times? | `build_a_network` |
//! | Who reaches obstetric care in time, and what would a closure change? | `coverage`, `closing_a_hospital` |
//! | Which closures hurt more than the sum? | `all_pairs` |
//! | Where does one patient go? Where do the cases of a year? | `route_one_patient`, `flows` |
//! | Drip and ship against mothership? | `drip_and_ship` |
//! | What does tele-stroke bring, with and without? What would a CT with an expert? | `tele_stroke`, `hub_and_spoke` |
//! | What could the agreement of UKL and St. Georg change once it has terms? | `framework_with_terms` |
//! | Which agreement keeps most service groups (in Nordsachsen)? | `agreement_keeps_a_group` |
//! | What does a winter with influenza do? A department closed for a month (internal medicine at Torgau)? | `winter`, `department_closed` |
//! | How many wait at a desk, by Erlang C and by simulation? | `queue` |
//! | Which hospital differs by more than chance, and by more than hospitals differ anyway? | `compare_members` |
//! | Who is brought where after an incident? What do shared beds save? | `mass_casualty_incident`, `shared_beds` |
//!
//! # Features
//!
//! `cli` (on by default) builds the program `verbund` and its dependencies. Who only embeds the
//! library says `default-features = false`. `import` (on by default) makes networks from official files.
//! `text` (with the program, on by default) sets results as text that fits a screen; JSON and CSV need no feature.
//! `osm` (on by default) reads OpenStreetMap extracts; a road graph that was made is read without it. `page` (on by default)
//! makes the page to hand out, `serve` (with the program) serves it to this computer, `xlsx` (on by default) writes workbooks.
//! `parquet` (off) adds [`simulation`]'s trace, and tables, as Parquet.

#![doc(html_root_url = "https://docs.rs/verbund/0.1.0")]

// First, as `said!` is known in the rooms behind it only.
#[macro_use]
pub mod words;

pub mod agreement;
pub mod alliance;
pub mod calendar;
pub mod comparison;
pub mod coverage;
pub mod demand;
pub mod disk;
pub mod files;
pub mod guide;
pub mod impact;
#[cfg(feature = "import")]
pub mod import;
pub mod model;
pub mod names;
pub mod overview;
#[cfg(feature = "page")]
pub mod page;
pub mod pathways;
pub mod planning;
pub mod plot;
pub mod problem;
pub mod queueing;
pub mod random;
pub mod region;
pub mod report;
pub mod roads;
pub mod routing;
pub mod rules;
pub mod run;
pub mod scenario;
pub mod simulation;
pub mod stats;
pub mod travel;
pub mod units;

pub use region::Region;

/// README's example must compile and run.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

/// Any error of the crate, for callers who do not tell them apart.
///
/// Every error type of the crate fits in, by `?` or `From`. Its text is that of the error itself, and its
/// [`source`](std::error::Error::source) what stands behind that: who prints the whole chain tells nothing twice.
///
/// ```
/// use verbund::calendar::Date;
/// use verbund::names;
/// use verbund::{Region, coverage};
///
/// fn main() -> Result<(), verbund::Error> {
///     let region = Region::leipzig()?;
///     let standards = &region.network().catalog().standards;
///     let standard = &standards[names::pick_from("standard", "stroke_unit", standards)?];
///     let coverage = coverage::evaluate(&region, standard)?;
///     assert_eq!(coverage.total.people, 1_058_179);
///
///     let day: Result<Date, verbund::Error> = "2026-13-01".parse().map_err(verbund::Error::from);
///     assert!(day.unwrap_err().to_string().starts_with("\"2026-13-01\" is no date"));
///     Ok(())
/// }
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Files, a scenario or what was built in code have faults.
    #[error(transparent)]
    Problems(#[from] problem::Problems),
    /// There is no region.
    #[error(transparent)]
    Region(#[from] region::RegionError),
    /// A standard cannot be evaluated.
    #[error(transparent)]
    Coverage(#[from] coverage::CoverageError),
    /// A parameter of a choice model is out of range.
    #[error(transparent)]
    Choice(#[from] routing::ChoiceError),
    /// Models of choice cannot be checked.
    #[error(transparent)]
    Check(#[from] routing::CheckError),
    /// A name fits nothing, or several things.
    #[error(transparent)]
    Name(#[from] names::NameError),
    /// A pathway gives no result.
    #[error(transparent)]
    Pathway(#[from] pathways::PathwayError),
    /// Words are no cooperation.
    #[error(transparent)]
    Proposal(#[from] impact::ProposalError),
    /// The parameters make no travel model.
    #[error(transparent)]
    Travel(#[from] travel::CrowFlyError),
    /// A travel model makes no lists.
    #[error(transparent)]
    Journeys(#[from] travel::TravelError),
    /// A rule cannot be applied.
    #[error(transparent)]
    Rules(#[from] rules::RulesError),
    /// A number that goes into a formula is out of range.
    #[error(transparent)]
    Formula(#[from] queueing::formulas::FormulaError),
    /// A text is no model of queues.
    #[error(transparent)]
    Queues(#[from] queueing::ReadError),
    /// There is no simulation.
    #[error(transparent)]
    Simulation(#[from] simulation::SimulationError),
    /// A simulation does not add up.
    #[error(transparent)]
    DoesNotAddUp(#[from] simulation::DoesNotAddUp),
    /// A hospital has no ward to be asked about.
    #[error(transparent)]
    Ward(#[from] simulation::WardError),
    /// Two regions cannot be compared.
    #[error(transparent)]
    Comparison(#[from] comparison::ComparisonError),
    /// Scenarios cannot be set beside a region: all that cannot.
    #[error("{}", lines(.0))]
    Plan(Vec<comparison::PlanError>),
    /// Finished work on closures cannot be taken from a file.
    #[error(transparent)]
    Resume(#[from] planning::closures::ResumeError),
    /// An agreement cannot be opened.
    #[error(transparent)]
    Agreement(#[from] agreement::AgreementError),
    /// A question about an alliance has no answer.
    #[error(transparent)]
    Alliance(#[from] alliance::AllianceError),
    /// A number that goes into a comparison is out of range.
    #[error(transparent)]
    Figure(#[from] alliance::FigureError),
    /// There is no overview of a region.
    #[error(transparent)]
    Overview(#[from] overview::OverviewError),
    /// An import was not written.
    #[cfg(feature = "import")]
    #[error(transparent)]
    Import(#[from] import::ImportError),
    /// A latitude or longitude is not on the globe.
    #[error(transparent)]
    Position(#[from] model::PositionError),
    /// A text names no service groups.
    #[error(transparent)]
    Groups(#[from] model::ParseGroupsError),
    /// A text is no time span.
    #[error(transparent)]
    Seconds(#[from] units::ParseSecondsError),
    /// A text is no date.
    #[error(transparent)]
    Date(#[from] calendar::ParseDateError),
    /// A text is no date with a time.
    #[error(transparent)]
    DateTime(#[from] calendar::ParseDateTimeError),
    /// A text is no moment of the week.
    #[error(transparent)]
    Moment(#[from] calendar::ParseMomentError),
    /// A text is no hours of the week.
    #[error(transparent)]
    Hours(#[from] calendar::ParseHoursError),
    /// A file cannot be read.
    #[error(transparent)]
    Read(#[from] disk::ReadError),
    /// The bytes of a file are no text.
    #[error(transparent)]
    Text(#[from] disk::NotText),
    /// A file cannot be written.
    #[error(transparent)]
    Write(#[from] disk::WriteError),
    /// The system could not read or write.
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

/// Errors of several scenarios, one behind the other.
fn lines(errors: &[comparison::PlanError]) -> String {
    let mut text = String::new();
    for error in errors {
        let line_end = if text.is_empty() { "" } else { "\n" };
        text.push_str(&format!("{line_end}{error}"));
    }
    text
}

impl From<Vec<comparison::PlanError>> for Error {
    fn from(errors: Vec<comparison::PlanError>) -> Self {
        Self::Plan(errors)
    }
}

impl From<comparison::PlanError> for Error {
    fn from(error: comparison::PlanError) -> Self {
        Self::Plan(vec![error])
    }
}
