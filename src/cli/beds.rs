//! `verbund beds`

use anyhow::{anyhow, bail};
use clap::Args;
use verbund::Region;
use verbund::model::{HospitalId, Model};
use verbund::names;
use verbund::random::Seed;
use verbund::report::{self, BedsFrom};
use verbund::routing::{Choice, ChoiceModel, Flows};
use verbund::simulation::{
    BedQuestion, BedTarget, BedTrial, BedWard, Ended, HospitalWard, treated_keys,
};
use verbund::words;

use super::after::{Answered, ScenarioOptions};
use super::beds_where;
use super::faults::Faults;
use super::faults::fault;
use super::language::message;
use super::terminal::tell;
use super::{Common, Ending, input, interrupt, output};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Patients a day who ask for a bed
    #[arg(long, value_name = "NUMBER", allow_negative_numbers = true, value_parser = super::input::number)]
    pub(super) arrivals: Option<f64>,
    /// Patients a year (365 days) who ask for a bed, instead of --arrivals
    #[arg(long, value_name = "NUMBER", allow_negative_numbers = true, value_parser = super::input::number)]
    pub(super) cases_per_year: Option<f64>,
    /// Mean stay in days
    #[arg(long, value_name = "DAYS", allow_negative_numbers = true, value_parser = super::input::number)]
    pub(super) stay: Option<f64>,
    /// A ward, "[NAME:] PATIENTS-A-DAY x DAYS [= BEDS]", such as "surgery: 9.5 x 6d = 60"; several
    /// are answered apart and with shared beds
    #[arg(long, value_name = "WARD")]
    pub(super) ward: Vec<String>,
    /// A hospital of the network, with --specialty: expected cases, stays and beds of the ward that
    /// treats it (of intensive care the unit); several are answered apart and with shared beds
    #[arg(long, value_name = "HOSPITAL")]
    pub(super) hospital: Vec<String>,
    /// Specialty or department of --hospital, by key or name
    #[arg(long, value_name = "SPECIALTY")]
    pub(super) specialty: Option<String>,
    /// Beds that are there: what do they give? [default with --hospital: the ward's]
    #[arg(long, value_name = "NUMBER")]
    pub(super) beds: Option<u32>,
    /// At most so many of 100 patients find no bed and go elsewhere [default: 2]
    #[arg(long, value_name = "PERCENT", allow_negative_numbers = true, value_parser = super::input::number)]
    pub(super) refused: Option<f64>,
    /// Instead: patients wait for a bed, at most so many of 100
    #[arg(long, value_name = "PERCENT", allow_negative_numbers = true, conflicts_with = "refused", value_parser = super::input::number)]
    pub(super) wait: Option<f64>,
    /// Coefficient of variation of the stays (standard deviation over mean): refusals do not depend
    /// on it, waits do [default: 1]
    #[arg(long, value_name = "NUMBER", allow_negative_numbers = true, value_parser = super::input::number)]
    pub(super) cv: Option<f64>,
    /// How many more and fewer beds to show [default: 2]
    #[arg(long, value_name = "NUMBER")]
    pub(super) around: Option<u32>,
    /// Instead: where so many more beds help most, all in one ward, by simulation with the formula beside it: of the
    /// wards of the network inside (with --hospital or --specialty of those only), or of several --ward with their beds
    #[arg(long = "where", value_name = "BEDS")]
    more: Option<u32>,
    /// With --where: replications in all, shared out so that the best ward is found with the fewest [default:
    /// --replications for each ward and for the beds that are there]
    #[arg(long, value_name = "COUNT", requires = "more")]
    pub(super) budget: Option<u64>,
    /// With --where, in a network: whom to count: refused, `diverted_away`, forced, waited, outliers, `free_beside`; several
    /// are added up [default: refused and `diverted_away`]
    #[arg(long, value_name = "KEY", requires = "more")]
    pub(super) figure: Vec<String>,
    /// Replications of the simulation; 0 for the formula alone
    #[arg(long, value_name = "NUMBER", default_value_t = 20)]
    pub(super) replications: u32,
    /// Days that each replication counts [default: 3650]
    #[arg(long, value_name = "NUMBER")]
    pub(super) days: Option<u32>,
    /// Days before them, from an empty ward [default: as many as it takes to forget that]
    #[arg(long, value_name = "DAYS")]
    pub(super) warm_up: Option<u32>,
    /// Seed of the simulation [default: 1]
    #[arg(long, value_name = "NUMBER")]
    pub(super) seed: Option<u64>,
    #[command(flatten)]
    pub(super) after: ScenarioOptions,
}

/// How patients choose a hospital of the network.
fn choice() -> Choice {
    // As `verbund flows` without flags: both count the same cases of a hospital.
    ChoiceModel::Huff.usual()
}

/// Where the numbers of the wards come from.
#[derive(Clone, Copy)]
enum Source {
    /// One ward by flags.
    Flags,
    /// `--ward`
    Wards,
    /// `--hospital`
    Region,
}

pub(super) fn run(common: &Common, arguments: &Arguments) -> anyhow::Result<Ending> {
    if let Some(beds) = arguments.more {
        return beds_where::run(common, arguments, beds);
    }
    let mut faults = Faults::default();
    let source = source(common, arguments, &mut faults);
    let question = asked(arguments, source, &mut faults)?;
    output::check(common)?;
    if !matches!(source, Source::Region) {
        let answer = answered(&question, None)?;
        return answer.print(common);
    }
    let networks = arguments.after.read(common)?;
    networks.answer(common, |region| {
        let mut question = question.clone();
        let wards = wards(&networks.model, region, arguments, &mut question)?;
        let mut faults = Faults::default();
        note_problems(&question, false, &mut faults);
        faults.tell()?;
        answered(&question, Some(BedsFrom { region, choice: choice(), wards: &wards }))
    })
}

/// How many beds are needed.
fn answered(question: &BedQuestion, from: Option<BedsFrom<'_>>) -> anyhow::Result<Answered> {
    let waiting = input::waiting("simulating");
    let kept = "the replications that are finished are kept";
    let answer = interrupt::watched(kept, &waiting, |control| question.answer_until(control))?;
    let is_interrupted = answer.ended == Ended::Interrupted;
    if is_interrupted {
        let done = answer.replications();
        tell(&message!("interrupted after {done} replications", done));
        if done == 0 {
            return Ok(Answered::interrupted());
        }
    }
    let document = report::beds(question, &answer, from);
    Ok(Answered::new(document, Ending::interrupted_if(is_interrupted)))
}

/// The question as the flags put it, with the wards that they write out; every fault of them is told at once.
fn asked(
    arguments: &Arguments,
    source: Source,
    faults: &mut Faults,
) -> anyhow::Result<BedQuestion> {
    let mut question = arguments.question();
    match source {
        Source::Flags => one_ward(arguments, &mut question, faults),
        Source::Wards => question.wards = written_wards(arguments, faults),
        Source::Region => {}
    }
    note_problems(&question, matches!(source, Source::Region), faults);
    note_unused(arguments, faults);
    faults.tell()?;
    Ok(question)
}

/// The wards that `--ward` writes out; those that cannot be read are faults.
pub(super) fn written_wards(arguments: &Arguments, faults: &mut Faults) -> Vec<BedWard> {
    let mut wards = Vec::with_capacity(arguments.ward.len());
    for (position, text) in arguments.ward.iter().enumerate() {
        let ward = ward(text, position);
        let ward = ward.map_err(|error| anyhow!("--ward \"{text}\": {error}"));
        wards.extend(faults.note(ward));
    }
    wards
}

impl Arguments {
    /// The question without its wards.
    pub(super) fn question(&self) -> BedQuestion {
        let target = match self.wait {
            Some(percent) => BedTarget::Waiting(percent / 100.0),
            None => BedTarget::Refused(self.refused.unwrap_or(2.0) / 100.0),
        };
        let trial = BedTrial {
            days: self.days.unwrap_or(3650),
            warm_up_days: self.warm_up,
            replications: self.replications,
            seed: Seed(self.seed.unwrap_or(1)),
        };
        let mut question = BedQuestion::new(target);
        question.stay_cv = self.cv.unwrap_or(1.0);
        question.around = self.around.unwrap_or(2);
        // Without replications the formulas answer alone.
        question.trial((self.replications > 0).then_some(trial))
    }
}

/// Which flags name the wards; those that do not go together are faults.
fn source(common: &Common, arguments: &Arguments, faults: &mut Faults) -> Source {
    let by_flags = arguments.arrivals.is_some()
        || arguments.cases_per_year.is_some()
        || arguments.stay.is_some();
    let by_region = !arguments.hospital.is_empty() || arguments.specialty.is_some();
    let ways = [by_flags, !arguments.ward.is_empty(), by_region];
    if ways.into_iter().filter(|given| *given).count() > 1 {
        faults.add(&fault!(
            "--arrivals and --stay, --ward, and --hospital are three ways to say the same: take one"
        ));
    }
    // Two ways are a fault by now: which of them is followed only decides what else is looked at.
    if by_region {
        if arguments.hospital.is_empty() {
            faults.add(&fault!("--specialty needs a --hospital"));
        } else if arguments.specialty.is_none() {
            faults.add(&fault!("--hospital needs a --specialty, such as internal_medicine"));
        }
        if arguments.hospital.len() > 1 && arguments.beds.is_some() {
            faults.add(&fault!("--beds goes with one --hospital only"));
        }
        return Source::Region;
    }
    if common.network.is_some() || common.as_of.is_some() || common.allow_outside {
        faults.add(&fault!(
            "--network, --as-of and --allow-outside need a --hospital and a --specialty"
        ));
    }
    if arguments.after.is_given() {
        faults.add(&fault!(
            "--scenario, --together, --on and --against-base need a --hospital and a --specialty"
        ));
    }
    if arguments.ward.is_empty() {
        return Source::Flags;
    }
    if arguments.beds.is_some() {
        faults.add(&fault!("--beds: with --ward, write \"9.5 x 6d = 60\""));
    }
    Source::Wards
}

fn one_ward(arguments: &Arguments, question: &mut BedQuestion, faults: &mut Faults) {
    let arrivals = match (arguments.arrivals, arguments.cases_per_year) {
        (Some(_), Some(_)) => {
            faults.add(&fault!("--arrivals and --cases-per-year say the same: take one"));
            None
        }
        (None, None) => {
            faults.add(&fault!("nobody to find beds for: give --arrivals (or --cases-per-year) and --stay, or --ward, or \
                 --hospital and --specialty"));
            None
        }
        (per_day, per_year) => per_day.or(per_year.map(|cases| cases / 365.0)),
    };
    let has_patients = arguments.arrivals.is_some() || arguments.cases_per_year.is_some();
    if arguments.stay.is_none() && has_patients {
        faults.add(&fault!("--arrivals needs a --stay, the mean stay in days"));
    }
    // What is missing was told; what is there is looked at all the same.
    let mut ward = BedWard::new("the ward", arrivals.unwrap_or(1.0), arguments.stay.unwrap_or(1.0));
    ward.beds = arguments.beds;
    question.wards.push(ward);
}

/// Notes every value that is out of its range.
pub(super) fn note_problems(question: &BedQuestion, wards_follow: bool, faults: &mut Faults) {
    for problem in question.check().list() {
        // That there are no wards is no fault while those of the network are still to come, and was told
        // already where a --ward could not be read.
        if !(wards_follow || question.wards.is_empty()) || problem.field != "wards" {
            faults.add(&anyhow!("{problem}"));
        }
    }
}

/// Notes flags of a simulation that is not run.
fn note_unused(arguments: &Arguments, faults: &mut Faults) {
    if arguments.replications > 0 {
        return;
    }
    // The formula of waits takes --cv too, that of refusals does not.
    let is_wait = arguments.wait.is_some();
    for (flag, is_given) in [
        ("--days", arguments.days.is_some()),
        ("--warm-up", arguments.warm_up.is_some()),
        ("--seed", arguments.seed.is_some()),
        ("--cv", arguments.cv.is_some() && !is_wait),
    ] {
        if is_given {
            faults.add(&fault!(
                "{flag} is for the simulation, and with --replications 0 there is none",
                flag
            ));
        }
    }
}

/// A ward as `--ward` writes it.
fn ward(text: &str, position: usize) -> anyhow::Result<BedWard> {
    let (name, rest) = match text.split_once(':') {
        Some((name, rest)) => (name.trim().to_owned(), rest),
        None => (format!("ward {}", position + 1), text),
    };
    let (load, beds) = match rest.split_once('=') {
        Some((load, beds)) => (load, Some(beds.trim())),
        None => (rest, None),
    };
    let Some((arrivals, stay)) = load.split_once(['x', '×']) else {
        bail!(fault!(
            "write \"[NAME:] PATIENTS-A-DAY x DAYS [= BEDS]\", such as \"surgery: 9.5 x 6d = 60\""
        ));
    };
    let number = |what: &str, text: &str| -> anyhow::Result<f64> {
        text.trim().parse().map_err(|_| {
            fault!("{what} \"{text}\" is no number", what = words::of(what), text = text.trim())
        })
    };
    let mut ward = BedWard::new(
        name,
        number("patients a day", arrivals)?,
        number("stay", stay.trim().trim_end_matches('d'))?,
    );
    if let Some(beds) = beds {
        ward.beds =
            Some(beds.parse().map_err(|_| fault!("beds \"{beds}\" are no whole number", beds))?);
    }
    Ok(ward)
}

/// The wards that `--hospital` and `--specialty` mean become those of the question.
fn wards(
    model: &Model,
    region: &Region,
    arguments: &Arguments,
    question: &mut BedQuestion,
) -> anyhow::Result<Vec<HospitalWard>> {
    let mut faults = Faults::default();
    let network = region.network();
    let flows = Flows::of_region(region, choice())?;
    let typed = arguments.specialty.as_deref().unwrap_or_default();
    let specialty = faults.note(specialty(region, &flows, typed));
    let mut hospitals: Vec<HospitalId> = Vec::new();
    for name in &arguments.hospital {
        let hospital = faults.note(input::hospital(model, region, name));
        // One that is named twice is one ward.
        hospitals.extend(hospital.filter(|hospital| !hospitals.contains(hospital)));
    }

    let mut wards = Vec::new();
    for hospital in hospitals {
        // Its fault is noted; the hospitals were looked up all the same, so that theirs are told with it.
        let Some(specialty) = &specialty else { break };
        let ward = HospitalWard::new(region, &flows, hospital, specialty);
        let Some(ward) = faults.note(ward.map_err(anyhow::Error::from)) else { continue };
        let mut asked = ward.ward(network);
        asked.beds = arguments.beds.or(asked.beds);
        question.wards.push(asked);
        wards.push(ward);
    }
    faults.tell()?;
    Ok(wards)
}

/// The key of the specialty or department that a typed name means, one that somebody treats.
fn specialty(region: &Region, flows: &Flows, typed: &str) -> anyhow::Result<String> {
    let keys = treated_keys(region, flows);
    let entries = input::entries(region.network().catalog(), &keys);
    let index = names::pick("specialty", typed, &entries).map_err(|error| {
        fault!("--specialty: {error}\nthere are: {keys}", error, keys = keys.join(", "))
    })?;
    Ok(keys[index].to_owned())
}
