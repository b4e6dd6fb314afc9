//! Errors of the crate: every kind fits into one, and whoever prints a whole chain tells nothing twice.

use std::error::Error as _;
use std::io;

use verbund::Error;
use verbund::agreement::AgreementError;
use verbund::alliance::{AllianceError, FigureError};
use verbund::calendar::{Date, DateTime, Hours, Moment};
use verbund::comparison::{ComparisonError, PlanError};
use verbund::coverage::CoverageError;
use verbund::disk::{self, WriteError};
use verbund::files::Folder;
use verbund::impact::ProposalError;
use verbund::import::ImportError;
use verbund::model::{GroupTerms, Position};
use verbund::names::{self, Entry, NameError};
use verbund::overview::OverviewError;
use verbund::pathways::PathwayError;
use verbund::planning::closures::ResumeError;
use verbund::problem::Problems;
use verbund::queueing::{FileFormat, Model, formulas};
use verbund::region::RegionError;
use verbund::routing::{CheckError, Choice, ChoiceError, Huff};
use verbund::rules::RulesError;
use verbund::simulation::{DoesNotAddUp, SimulationError, WardError};
use verbund::travel::{CrowFlyError, TravelError};
use verbund::units::Seconds;

fn problems() -> Problems {
    Folder::open("no/such/folder").read().unwrap_err()
}

fn name() -> NameError {
    names::pick("need", "stork", &[Entry::new("stroke", "stroke")]).unwrap_err()
}

fn choice() -> ChoiceError {
    let huff = Huff { beds_exponent: -1.0, ..Huff::default() };
    Choice::Huff(huff).check().unwrap_err()
}

fn system() -> io::Error {
    io::Error::other("the disk is on fire")
}

/// An error of every type of the crate, and of every kind that holds another error.
fn all() -> Vec<Error> {
    let region = || RegionError::Problems(problems());
    let journeys = || TravelError::TooManyJourneys { most: 1 };
    let pathway = || PathwayError::Cooperations(problems());
    let simulation = || SimulationError::Region(region());
    let plan = || PlanError::Region { scenarios: "a, b".into(), error: region() };
    let coverage =
        || CoverageError::UnknownKey { standard: "a".into(), key: "b".into(), closest: None };
    vec![
        problems().into(),
        region().into(),
        RegionError::Travel(CrowFlyError::Bands).into(),
        RegionError::Journeys(journeys()).into(),
        coverage().into(),
        choice().into(),
        CheckError::Region(region()).into(),
        CheckError::Choice(choice()).into(),
        name().into(),
        pathway().into(),
        ProposalError::Kind(name()).into(),
        ProposalError::Name(name()).into(),
        ProposalError::Cooperation(name()).into(),
        ProposalError::Hours("Xy 1-2".parse::<Hours>().unwrap_err()).into(),
        CrowFlyError::Detour(0.5).into(),
        journeys().into(),
        RulesError::NoServiceGroups.into(),
        RulesError::Choice(choice()).into(),
        formulas::erlang_c(10.0, 1).unwrap_err().into(),
        Model::read("{", FileFormat::Json).unwrap_err().into(),
        SimulationError::Problems(problems()).into(),
        SimulationError::Choice(choice()).into(),
        SimulationError::Pathway(pathway()).into(),
        simulation().into(),
        DoesNotAddUp { faults: vec!["one patient is missing".into()] }.into(),
        WardError::NoInpatients { hospital: "a".into() }.into(),
        WardError::Choice(choice()).into(),
        ComparisonError::Region(region()).into(),
        ComparisonError::Coverage(coverage()).into(),
        ComparisonError::Pathway(pathway()).into(),
        ComparisonError::Choice(choice()).into(),
        ComparisonError::Rules(RulesError::Choice(choice())).into(),
        ComparisonError::Simulation(simulation()).into(),
        plan().into(),
        vec![plan(), PlanError::Patients { scenarios: None, error: simulation() }].into(),
        ResumeError::OtherVersion.into(),
        ResumeError::Read(disk::ReadError::System(system())).into(),
        ResumeError::Text(disk::decode(b"a\xe4").unwrap_err()).into(),
        OverviewError::Coverage(coverage()).into(),
        OverviewError::Region(region()).into(),
        OverviewError::Choice(choice()).into(),
        OverviewError::Pathway(pathway()).into(),
        OverviewError::Comparison(ComparisonError::Simulation(simulation())).into(),
        OverviewError::Scenarios(problems()).into(),
        ImportError::Stopped.into(),
        ImportError::from(problems()).into(),
        ImportError::from(system()).into(),
        Position::new(91.0, 0.0).unwrap_err().into(),
        "14 x".parse::<GroupTerms>().unwrap_err().into(),
        "soon".parse::<Seconds>().unwrap_err().into(),
        "2026-13".parse::<Date>().unwrap_err().into(),
        "2026-01-01 25:00".parse::<DateTime>().unwrap_err().into(),
        "Xy 03:00".parse::<Moment>().unwrap_err().into(),
        "Xy 1-2".parse::<Hours>().unwrap_err().into(),
        disk::ReadError::Missing.into(),
        disk::ReadError::System(system()).into(),
        disk::decode(b"a\xe4").unwrap_err().into(),
        WriteError::ReadOnly.into(),
        WriteError::ClosedFolder { folder: "a".into(), error: system() }.into(),
        WriteError::Group(system()).into(),
        WriteError::System(system()).into(),
        system().into(),
        AgreementError::OnePartner.into(),
        AllianceError::Unknown { key: "a".into(), closest: None }.into(),
        FigureError::Share { share: 1.5 }.into(),
    ]
}

/// The text of an error and of all that stand behind it.
fn chain(error: &Error) -> Vec<String> {
    let mut texts = vec![error.to_string()];
    let mut source = error.source();
    while let Some(error) = source {
        texts.push(error.to_string());
        source = error.source();
    }
    texts
}

#[test]
fn a_chain_of_errors_tells_nothing_twice() {
    for error in all() {
        let texts = chain(&error);
        for (number, text) in texts.iter().enumerate() {
            assert!(!text.trim().is_empty(), "{error:?}");
            for behind in &texts[number + 1..] {
                assert!(!text.contains(behind.as_str()), "{error:?} tells twice: {behind}");
            }
        }
    }
}

#[test]
fn an_error_of_the_crate_has_the_text_of_its_own() {
    let error = Error::from(name());
    assert_eq!(error.to_string(), name().to_string());
    // Deep within others, the text is still the one that helps.
    let within = ComparisonError::Simulation(SimulationError::Region(problems().into()));
    assert_eq!(Error::from(within).to_string(), problems().to_string());
    let plans = [("a", name()), ("b", name())].map(|(key, _)| PlanError::Region {
        scenarios: key.into(),
        error: RegionError::Travel(CrowFlyError::Bands),
    });
    let text = Error::from(Vec::from(plans)).to_string();
    assert_eq!(text.matches("has problems").count(), 2);
}

#[test]
fn no_kind_of_error_is_forgotten() {
    // Each variant of the error of the crate stands among the examples, by its name in `Debug`.
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(root.join("src/lib.rs")).unwrap();
    let (_, rest) = text.split_once("pub enum Error {").unwrap();
    let (body, _) = rest.split_once("\n}").unwrap();
    let shown: Vec<String> = all().iter().map(|error| format!("{error:?}")).collect();
    let mut count = 0;
    for line in body.lines() {
        let Some((variant, _)) = line.trim().split_once('(') else { continue };
        if line.trim().starts_with(['#', '/']) {
            continue;
        }
        let start = format!("{variant}(");
        assert!(shown.iter().any(|text| text.starts_with(&start)), "no example of {variant}");
        count += 1;
    }
    assert!(count > 25, "{count}");
}
