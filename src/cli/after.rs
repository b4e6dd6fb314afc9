//! `--scenario` of every analysis: the answer for the network after a change, alone or beside the one before.

use std::ffi::OsString;
use std::path::Path;

use anyhow::{Context, anyhow, bail};
use clap::Args;
use verbund::Region;
use verbund::calendar::Date;
use verbund::comparison::{Grouping, Plan, PlanError, Planned};
use verbund::model::Model;
use verbund::report::{self, AfterChange, Document, Extent};
use verbund::said;
use verbund::scenario::{CheckedScenario, Scenario};

use super::faults::Faults;
use super::faults::fault;
use super::{Common, Ending, Format, input, output, scenarios};

/// The network after a change, instead of the network as it is.
#[derive(Debug, Clone, Default, Args)]
pub(super) struct ScenarioOptions {
    /// Answer for the network after this change: a file, or the name of a scenario that the network brings, such
    /// as `merger-delitzsch-eilenburg` (a file comes first; `network:NAME` always is the network's). Several are
    /// answered one by one
    #[arg(long, value_name = "FILE", help_heading = "After a change")]
    pub(super) scenario: Vec<OsString>,
    /// With --scenario: all scenarios as one, in the order of their dates, instead of one by one
    #[arg(long, help_heading = "After a change")]
    pub(super) together: bool,
    /// With --scenario: day whose changes count [default: the day on which all lasting changes are in force; where all
    /// have an end, when the last one begins]
    #[arg(long, value_name = "DATE", help_heading = "After a change")]
    pub(super) on: Option<String>,
    /// With --scenario: what differs from the network as it is, before, after and difference side by side
    #[arg(long, help_heading = "After a change")]
    pub(super) against_base: bool,
}

/// What the flags are called where they mean more than in other commands.
const OWN_WORDS: [(&str, &str, &str); 9] = [
    (
        "compare",
        "scenario",
        "What changes: a file, or the name of a scenario that the network brings, such as `winter` (a file comes \
         first; `network:winter` always is the network's); several are compared one by one",
    ),
    ("compare", "against_base", "Changes nothing here: before and after always stand side by side"),
    (
        "simulate",
        "scenario",
        "File of a scenario, or name of one that the network brings, such as `winter`, to set beside the network as \
         it is (a file comes first; `network:winter` always is the network's); the same patients come in both. \
         Can be given several times",
    ),
    (
        "simulate",
        "on",
        "With --scenario: the network as it is once the changes of this day are in force, by itself, instead of \
         scenarios day by day beside the network as it is",
    ),
    (
        "simulate",
        "against_base",
        "With --on: the network as it is beside it. Without --on it always is",
    ),
    (
        "sensitivity",
        "scenario",
        "Under this scenario: a file, or the name of one that the network brings, such as `winter` (a file comes \
         first; `network:winter` always is the network's); several are answered one by one",
    ),
    (
        "sensitivity",
        "on",
        "With --scenario: the network as it is once the changes of this day are in force, instead of the scenario day \
         by day",
    ),
    ("supplement", "scenario", WITH_SENSITIVITY),
    ("volumes", "scenario", WITH_SENSITIVITY),
];

const WITH_SENSITIVITY: &str = "Answer for the network after this change: a file, or the name of a scenario that the network brings, such as \
     `demography-2035` (a file comes first; `network:NAME` always is the network's). Several are answered one by \
     one; with --sensitivity the verdicts stand beside those under all of them as one";

/// The command line with the words for flags that mean more in some commands than in others.
pub(super) fn with_own_words(mut command: clap::Command) -> clap::Command {
    for (name, argument, words) in OWN_WORDS {
        let with_words = |subcommand: clap::Command| {
            subcommand.mut_arg(argument, |argument| argument.help(words))
        };
        command = if ["supplement", "volumes"].contains(&name) {
            command.mut_subcommand("rules", |rules| rules.mut_subcommand(name, with_words))
        } else {
            command.mut_subcommand(name, with_words)
        };
    }
    // One of its two forms must be there.
    command.mut_subcommand("compare", |compare| {
        compare.mut_arg("scenario", |scenario| scenario.required_unless_present("scenarios"))
    })
}

/// What a command answers.
pub(super) struct Answered {
    /// `None` where it was interrupted before anything was finished.
    document: Option<Document>,
    ending: Ending,
}

impl Answered {
    /// An answer that is done.
    pub(super) fn done(document: Document) -> Self {
        Self { document: Some(document), ending: Ending::Done }
    }

    pub(super) fn new(document: Document, ending: Ending) -> Self {
        Self { document: Some(document), ending }
    }

    /// Prints it.
    pub(super) fn print(&self, common: &Common) -> anyhow::Result<Ending> {
        if let Some(document) = &self.document {
            output::print(common, document)?;
        }
        Ok(self.ending)
    }

    /// How it ended.
    pub(super) fn ending(&self) -> Ending {
        self.ending
    }

    /// None: somebody stopped it before anything was finished.
    pub(super) fn interrupted() -> Self {
        Self { document: None, ending: Ending::Interrupted }
    }
}

/// The network as it is, and what of scenarios a command is asked about.
pub(super) struct Networks {
    pub(super) model: Model,
    /// The region before any change.
    pub(super) region: Region,
    pub(super) scenarios: Vec<CheckedScenario>,
    pub(super) grouping: Grouping,
    pub(super) on: Option<Date>,
    /// Which day was chosen for the scenarios.
    pub(super) remark: Option<String>,
    is_against_base: bool,
}

impl ScenarioOptions {
    /// The same with these scenarios.
    pub(super) fn named(&self, scenarios: &[OsString]) -> Self {
        Self { scenario: scenarios.to_vec(), ..self.clone() }
    }

    /// The same for a command that holds all scenarios as one beside the network as it is.
    pub(super) fn for_sensitivity(&self) -> anyhow::Result<Self> {
        if self.is_more_given() {
            bail!(fault!(
                "--sensitivity holds all scenarios as one beside the network as it is: without --together, --on and \
                 --against-base"
            ));
        }
        Ok(Self { together: !self.scenario.is_empty(), ..self.clone() })
    }

    /// How many answers a command gives: those before count where they are shown.
    pub(super) fn answers(&self) -> usize {
        let groups = if self.together { self.scenario.len().min(1) } else { self.scenario.len() };
        groups.max(1) + usize::from(self.against_base)
    }

    /// Whether any of these flags is given.
    pub(super) fn is_given(&self) -> bool {
        !self.scenario.is_empty() || self.is_more_given()
    }

    /// Whether any of these flags beside `--scenario` is given.
    pub(super) fn is_more_given(&self) -> bool {
        self.together || self.on.is_some() || self.against_base
    }

    /// Flags that say nothing without a scenario; gives the day of `--on`.
    fn check(&self, faults: &mut Faults) -> Option<Date> {
        if self.scenario.is_empty() {
            let flags = [
                ("--together", self.together),
                ("--on", self.on.is_some()),
                ("--against-base", self.against_base),
            ];
            for (flag, _) in flags.into_iter().filter(|(_, is_given)| *is_given) {
                faults.add(&fault!("{flag} needs a --scenario", flag));
            }
        }
        let text = self.on.as_ref()?;
        faults.note(text.parse::<Date>().map_err(|error| anyhow!("--on {text}: {error}")))
    }

    /// Reads the network and the scenarios; every fault is told at once.
    pub(super) fn read(&self, common: &Common) -> anyhow::Result<Networks> {
        let mut faults = Faults::default();
        let networks = self.read_noting(common, &mut faults)?;
        faults.tell()?;
        Ok(networks)
    }

    /// Reads the network and the scenarios; faults of flags and scenarios are noted, without a network nothing goes
    /// on.
    pub(super) fn read_noting(
        &self,
        common: &Common,
        faults: &mut Faults,
    ) -> anyhow::Result<Networks> {
        let on = self.check(faults);
        let folder = faults.need(input::folder(common))?;
        let (model, region, remark) = faults.need(scenarios::region(common, &self.scenario))?;
        let start = region.network().date();
        if let Some(day) = on.filter(|day| *day < start) {
            faults.add(&fault!("--on {day}: before the day of the network, {start}", day, start));
        }

        let source = scenarios::Source { folder: &folder, region: &region };
        let grouping = if self.together { Grouping::Together } else { Grouping::Each };
        let scenarios = match grouping {
            Grouping::Together => source.read_together(&self.scenario, faults),
            Grouping::Each => source.read_each(&self.scenario, faults),
        };
        // A scenario may rest on what another one adds: then it is at fault only by itself.
        let is_short = !self.together && scenarios.len() < self.scenario.len();
        if is_short && source.fit_together(&self.scenario) {
            faults.add(&fault!("applied as one, these scenarios have no fault: --together"));
        }
        let is_against_base = self.against_base;
        Ok(Networks { model, region, scenarios, grouping, on, remark, is_against_base })
    }
}

impl Networks {
    /// The one region that is asked for: as it is, or after one change.
    pub(super) fn one_region(&self) -> anyhow::Result<Region> {
        if self.is_against_base {
            bail!(fault!("--against-base: this format has no room for before and after"));
        }
        let plan = Plan::of(&self.region, &self.scenarios, self.grouping, self.on);
        match &plan.map_err(all_faults)?.changes[..] {
            [] => Ok(self.region.clone()),
            [planned] => Ok(planned.after.clone()),
            _ => bail!(fault!("this format shows one network: take one --scenario, or --together")),
        }
    }

    /// Whether a change is asked about: then what the folder says of other changes is no part of the answer.
    pub(super) fn has_scenarios(&self) -> bool {
        !self.scenarios.is_empty()
    }

    /// The names of the scenarios, where there are some.
    pub(super) fn names(&self) -> Option<String> {
        let mut names = Vec::with_capacity(self.scenarios.len());
        for scenario in &self.scenarios {
            names.push(scenario.name.as_str());
        }
        (!names.is_empty()).then(|| names.join(", "))
    }

    /// Asks for the network as it is, or for each that the scenarios make of it, and prints the answers.
    pub(super) fn answer(
        &self,
        common: &Common,
        ask: impl Fn(&Region) -> anyhow::Result<Answered>,
    ) -> anyhow::Result<Ending> {
        if !self.has_scenarios() {
            return ask(&self.region)?.print(common);
        }

        // Every region before anything is computed.
        let plan =
            Plan::of(&self.region, &self.scenarios, self.grouping, self.on).map_err(all_faults)?;
        let mut answers = Answers { networks: self, common, documents: Vec::new(), before: None };
        let ending = answers.ask(&plan.changes, &ask)?;
        if !answers.documents.is_empty() {
            print(common, &answers.documents)?;
        }
        Ok(ending)
    }

    /// The scenarios that a run follows, each apart or all as one.
    pub(super) fn runs(&self) -> anyhow::Result<Vec<CheckedScenario>> {
        if self.grouping == Grouping::Each || self.scenarios.len() < 2 {
            return Ok(self.scenarios.clone());
        }
        let mut scenarios: Vec<Scenario> = Vec::with_capacity(self.scenarios.len());
        for checked in &self.scenarios {
            scenarios.push(checked.clone().into_scenario());
        }
        let Some(joined) = Scenario::together(&scenarios) else { return Ok(Vec::new()) };
        // They were judged one after the other; nobody judged the one that they make.
        let key = joined.key.clone();
        let checked = self.region.check_scenario(joined);
        Ok(vec![
            checked.map_err(|problems| fault!("scenario \"{key}\"\n{problems}", key, problems))?,
        ])
    }

    /// Asks for runs that follow scenarios from day to day, and prints the answers; `ask` is given no scenario for the
    /// network as it is.
    pub(super) fn answer_in_time(
        &self,
        common: &Common,
        ask: impl Fn(Option<CheckedScenario>) -> anyhow::Result<Answered>,
    ) -> anyhow::Result<Ending> {
        // Every fault before minutes of work.
        let runs = self.runs()?;
        let before = if self.is_against_base { Some(ask(None)?) } else { None };
        let mut ending = before.as_ref().map_or(Ending::Done, |before| before.ending);
        let before = before.and_then(|before| before.document);
        let mut documents = Vec::new();
        for run in runs {
            if ending == Ending::Interrupted {
                break;
            }
            let answer = ask(Some(run))?;
            ending = ending.max(answer.ending);
            let Some(document) = answer.document else { continue };
            let document = match &before {
                Some(before) => report::against(before, &document, extent(common)),
                None => document,
            };
            documents.push(scenarios::tell_day(document, self.remark.as_deref()));
        }
        if !documents.is_empty() {
            print(common, &documents)?;
        }
        Ok(ending)
    }
}

/// How an answer is shown beside the one before.
pub(super) fn extent(common: &Common) -> Extent {
    // Text and Markdown show what a reader compares; programs get every figure.
    match common.format {
        Format::Table | Format::Markdown => Extent::Shown,
        _ => Extent::Full,
    }
}

/// The answers for what several changes make of a network.
struct Answers<'n> {
    networks: &'n Networks,
    common: &'n Common,
    documents: Vec<Document>,
    /// The answer for the network as it is, where it stands beside the others.
    before: Option<Document>,
}

impl Answers<'_> {
    /// Asks for each network; after an interruption for none any more.
    fn ask(
        &mut self,
        changes: &[Planned],
        ask: &impl Fn(&Region) -> anyhow::Result<Answered>,
    ) -> anyhow::Result<Ending> {
        if self.networks.is_against_base {
            let answer = ask(&self.networks.region).with_context(|| said!("before the change"))?;
            if answer.ending == Ending::Interrupted {
                return Ok(Ending::Interrupted);
            }
            self.before = answer.document;
        }
        let mut ending = Ending::Done;
        for change in changes {
            let answer = ask(&change.after).with_context(|| {
                let keys = change.scenarios.iter().map(|scenario| scenario.key.as_str());
                said!("after the scenario {keys}", keys = keys.collect::<Vec<_>>().join(", "))
            })?;
            if let Some(document) = &answer.document {
                self.keep(document, change);
            }
            ending = ending.max(answer.ending);
            if ending == Ending::Interrupted {
                break;
            }
        }
        Ok(ending)
    }

    fn keep(&mut self, answer: &Document, change: &Planned) {
        let beside = self.before.as_ref().map(|before| (before, extent(self.common)));
        let view = AfterChange { region: &self.networks.region, change, beside };
        let document = report::after_change(answer, &view);
        self.documents.push(scenarios::tell_day(document, self.networks.remark.as_deref()));
    }
}

/// Prints the answers; several tables are no table of CSV.
fn print(common: &Common, documents: &[Document]) -> anyhow::Result<()> {
    let is_table = |document: &Document| document.sections.len() == 1;
    if common.is_one_table() && documents.len() > 1 {
        let columns = |document: &Document| document.sections[0].table.columns().to_vec();
        let is_one = documents.iter().all(is_table)
            && documents.iter().all(|document| columns(document) == columns(&documents[0]));
        if !is_one {
            bail!(fault!(
                "CSV is one table, and the answers for these scenarios are several: take one scenario, --together, or \
                 --format json"
            ));
        }
    }
    output::print_all(common, documents)
}

/// Errors of scenarios as one.
pub(super) fn all_faults(errors: Vec<PlanError>) -> anyhow::Error {
    let mut faults = Faults::default();
    faults.extend(errors);
    faults.error()
}

/// Refuses a file that keeps the finished work of one answer where there are several.
pub(super) fn refuse_to_keep(
    options: &ScenarioOptions,
    flag: &str,
    path: &Path,
    faults: &mut Faults,
) {
    let answers = options.answers();
    if answers > 1 {
        faults.add(&fault!(
            "{flag} {path}: the file is for one answer, and these flags ask for {answers}",
            flag,
            path = path.display(),
            answers
        ));
    }
}
