//! `verbund beds --where`: where more beds help most.

use anyhow::anyhow;
use verbund::Region;
use verbund::model::Model;
use verbund::names;
use verbund::random::Seed;
use verbund::report::{self, MoreBedsView};
use verbund::said;
use verbund::simulation::{
    BedQuestion, ChosenSettings, Ended, Figure, MoreBeds, MoreBedsAnswer, PatientFlow, WardId,
};

use super::after::Answered;
use super::beds::{Arguments, note_problems, written_wards};
use super::faults::{Faults, fault};
use super::settings::SettingsOptions;
use super::terminal::tell;
use super::{Common, Ending, input, interrupt, output};

/// Answers where so many more beds help most.
pub(super) fn run(common: &Common, arguments: &Arguments, beds: u32) -> anyhow::Result<Ending> {
    let mut faults = Faults::default();
    note_others(arguments, &mut faults);
    let asked = asked(arguments, beds, &mut faults);
    if !arguments.ward.is_empty() {
        note_without_network(common, arguments, &mut faults);
        let mut question = arguments.question();
        question.wards = written_wards(arguments, &mut faults);
        note_problems(&question, false, &mut faults);
        faults.tell()?;
        output::check(common)?;
        return of_wards(&asked, &question)?.print(common);
    }
    if arguments.cv.is_some() {
        faults.add(&fault!("--cv: with --where, only beside --ward; a network has its own stays"));
    }
    faults.tell()?;
    output::check(common)?;
    let networks = arguments.after.read(common)?;
    networks.answer(common, |region| {
        let chosen = settings(common, arguments, region)?;
        of_region(&asked, arguments, &networks.model, region, &chosen)
    })
}

/// Flags of the other questions.
fn note_others(arguments: &Arguments, faults: &mut Faults) {
    for (flag, is_given) in [
        ("--arrivals", arguments.arrivals.is_some()),
        ("--cases-per-year", arguments.cases_per_year.is_some()),
        ("--stay", arguments.stay.is_some()),
        ("--beds", arguments.beds.is_some()),
        ("--refused", arguments.refused.is_some()),
        ("--wait", arguments.wait.is_some()),
        ("--around", arguments.around.is_some()),
    ] {
        if is_given {
            faults.add(&fault!(
                "{flag} is not for --where, which asks about the wards of a network, or about several --ward with their beds",
                flag
            ));
        }
    }
}

/// Flags that wards that are written out have no use for.
fn note_without_network(common: &Common, arguments: &Arguments, faults: &mut Faults) {
    for (flag, is_given) in [
        ("--network", common.network.is_some()),
        ("--as-of", common.as_of.is_some()),
        ("--allow-outside", common.allow_outside),
        ("--scenario", arguments.after.is_given()),
        ("--hospital", !arguments.hospital.is_empty()),
        ("--specialty", arguments.specialty.is_some()),
        ("--figure", !arguments.figure.is_empty()),
    ] {
        if is_given {
            faults.add(&fault!("{flag} is for the wards of a network, without --ward", flag));
        }
    }
}

/// The question, with every fault of it noted.
fn asked(arguments: &Arguments, beds: u32, faults: &mut Faults) -> MoreBeds {
    let mut asked = MoreBeds::new(beds).budget(arguments.budget);
    asked.replications = arguments.replications;
    asked.seed = Seed(arguments.seed.unwrap_or(1));
    let mut figures: Vec<Figure> = Vec::new();
    for name in &arguments.figure {
        // One that is named twice counts once.
        let figure = faults.note(input::figure(name));
        figures.extend(figure.filter(|figure| !figures.contains(figure)));
    }
    if !figures.is_empty() {
        asked.figures = figures;
    }
    for problem in asked.check().list() {
        faults.add(&anyhow!("{problem}"));
    }
    asked
}

/// What a run of the patients takes for granted: the files of the network, and the flags before them.
fn settings(
    common: &Common,
    arguments: &Arguments,
    region: &Region,
) -> anyhow::Result<ChosenSettings> {
    let mut faults = Faults::default();
    let scenarios = &arguments.after.scenario;
    let options = SettingsOptions::default();
    let mut chosen = options.read(common, region.network(), scenarios, &mut faults);
    for (flag, key, days) in
        [("--days", "days", arguments.days), ("--warm-up", "warm_up_days", arguments.warm_up)]
    {
        let Some(days) = days else { continue };
        if let Err(error) = chosen.set(flag, key, days) {
            faults.add(&anyhow!("{flag} {days}: {error}"));
        }
    }
    faults.tell()?;
    Ok(chosen)
}

/// The wards of a network that the flags mean: those of hospitals inside, of these hospitals and of this specialty where they say so.
fn wards(
    arguments: &Arguments,
    model: &Model,
    region: &Region,
    flow: &PatientFlow<'_>,
) -> anyhow::Result<Vec<WardId>> {
    let mut faults = Faults::default();
    let mut hospitals = Vec::new();
    for name in &arguments.hospital {
        hospitals.extend(faults.note(input::hospital(model, region, name)));
    }
    let mut keys: Vec<&str> = Vec::new();
    for ward in flow.wards() {
        keys.push(&ward.specialty);
    }
    keys.sort_unstable();
    keys.dedup();
    let mut specialty = None;
    if let Some(typed) = &arguments.specialty {
        let entries = input::entries(region.network().catalog(), &keys);
        let picked = names::pick("specialty", typed, &entries).map_err(|error| {
            fault!("--specialty: {error}\nthere are: {keys}", error, keys = keys.join(", "))
        });
        specialty = faults.note(picked).map(|index| keys[index]);
    }
    faults.tell()?;

    let mut wards = Vec::new();
    for (id, ward) in flow.wards_with_ids() {
        let is_asked = hospitals.is_empty() || hospitals.contains(&ward.hospital);
        if is_asked && specialty.is_none_or(|specialty| ward.specialty == specialty) {
            wards.push(id);
        }
    }
    Ok(wards)
}

fn of_wards(asked: &MoreBeds, question: &BedQuestion) -> anyhow::Result<Answered> {
    let waiting = input::waiting("simulating");
    let answer = interrupt::watched(KEPT, &waiting, |control| asked.in_wards(question, control))?;
    Ok(laid_out(&MoreBedsView::of_wards(asked, question), &answer))
}

fn of_region(
    asked: &MoreBeds,
    arguments: &Arguments,
    model: &Model,
    region: &Region,
    chosen: &ChosenSettings,
) -> anyhow::Result<Answered> {
    let waiting = input::waiting("setting the patient flow up");
    let flow = PatientFlow::new(region, chosen.settings(), None)?;
    let wards = wards(arguments, model, region, &flow)?;
    waiting.finish_and_clear();
    let bar = input::bar(asked.most_replications(wards.len()), "replications");
    let answer = interrupt::watched(KEPT, &bar, |control| asked.in_region(&flow, &wards, control))?;
    let view = MoreBedsView::of_region(asked, &flow);
    let answered = laid_out(&view, &answer);
    Ok(answered)
}

/// What is kept of a run that is stopped.
const KEPT: &str = "the replications that are finished are kept";

fn laid_out(view: &MoreBedsView<'_>, answer: &MoreBedsAnswer) -> Answered {
    let is_interrupted = answer.ended == Ended::Interrupted;
    if is_interrupted {
        let (done, most) = (answer.replications, answer.budget);
        tell(&said!("interrupted after {done} of {most} replications", done, most));
        // Without a ward that was tried there is nothing to rank.
        if answer.wards.is_empty() {
            return Answered::interrupted();
        }
    }
    let document = report::more_beds(view, answer);
    Answered::new(document, Ending::interrupted_if(is_interrupted))
}
