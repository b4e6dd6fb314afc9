//! What must hold in a scenario, by itself and against a network and its places.

use std::collections::{BTreeMap, BTreeSet};

mod factors;
mod moments;

use factors::check_factors;
use moments::check_moments;

use super::apply::{FaultInOrder, faults_in_order};
use super::base::{Added, Against, Base};
use super::change::{Change, DepartmentKey};
use super::refers::Refers;
use super::{DatedChange, Scenario, change_label, scenario_label};
use crate::calendar::DateTime;
use crate::model::check::{Checker, Known};
use crate::model::location::{Entity, Fault, Locations};
use crate::problem::{Problem, ProblemKind, Problems, Suggestions};

/// A change of a scenario that could not be read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Unread {
    /// The change that it is, or most likely was to be; `None` when nobody can tell.
    pub(crate) name: Option<&'static str>,
}

impl Unread {
    /// Whether it may be the change of this name.
    fn may_be(self, name: &str) -> bool {
        self.name.is_none_or(|read| read == name)
    }
}

/// A change with its place in its file and what messages call it.
pub(super) struct Listed<'s> {
    pub(super) position: usize,
    pub(super) label: String,
    pub(super) change: &'s DatedChange,
    /// Where the values of its file stand.
    pub(super) locations: &'s Locations,
}

impl<'s> Listed<'s> {
    /// Faults are now those of this change.
    pub(super) fn enter(&self, checker: &mut Checker<'s>) {
        checker.locations = self.locations;
        checker.at(Entity::Change(self.position), self.label.clone());
    }
}

/// A scenario to be checked, and how it was read.
#[derive(Debug)]
pub(crate) struct ScenarioRead<'s> {
    pub(crate) scenario: &'s Scenario,
    /// The number of each change in its file, from 0.
    pub(crate) positions: Vec<usize>,
    /// Where the values of its file stand.
    pub(crate) locations: &'s Locations,
    /// Faults that reading found.
    pub(crate) problems: &'s [Problem],
}

/// What changes of several scenarios are called besides their own label.
fn prefix(scenarios: &[ScenarioRead<'_>], read: &ScenarioRead<'_>) -> String {
    if scenarios.len() > 1 {
        format!("{}, ", scenario_label(&read.scenario.key))
    } else {
        String::new()
    }
}

/// Every fault of scenarios, by themselves and one after the other, with those that reading found; a field
/// with a fault of reading is not named again. `unread` has the changes that could not be read.
pub(crate) fn check_scenarios(
    scenarios: &[ScenarioRead<'_>],
    unread: &[Unread],
    against: Against<'_>,
) -> Problems {
    let network = against.network;
    let of_start = network.as_of(network.date());
    let (mut changes, mut problems) = listed(scenarios);
    let added: Vec<Added<'_>> = changes.iter().map(|listed| listed.change.change.adds()).collect();
    // What any change adds is known to all: whether it is there in time shows in their order.
    let base = Base::new(&of_start, against, &added);
    let missing = Missing::of(unread, &changes);
    let known = Known {
        hospitals: !missing.may_have_hospital,
        cooperations: !missing.may_have_cooperation,
        ..Known::ALL
    };
    let mut of_checking = Problems::default();
    let nowhere = Locations::default();
    let mut checker = Checker {
        known: &known,
        locations: &nowhere,
        problems: &mut of_checking,
        entity: Entity::Scenario,
        label: String::new(),
        within: "",
        suggestions: Suggestions::default(),
    };

    for read in scenarios {
        checker.locations = read.locations;
        checker.at(Entity::Scenario, scenario_label(&read.scenario.key));
        check_head(read.scenario, &mut checker);
    }
    let mut started = BTreeSet::new();
    for listed in &changes {
        listed.enter(&mut checker);
        check_dates(listed.change, &base, &mut checker);
        checker.within = "change";
        listed.change.change.check(&base, &mut checker);
        if let Some(key) = listed.change.change.started()
            && !started.insert(key)
        {
            checker.duplicate("id", said!("cooperation \"{key}\" is started twice", key));
        }
        checker.within = "";
    }

    // In the order of time; those of one moment by scenario and list.
    changes.sort_by_key(|listed| listed.change.on);
    check_factors(&changes, &mut checker);
    check_moments(&changes, &mut checker);
    // A change that is missing or misdated would make faults of those that rest on it.
    let is_order_known = unread.is_empty() && !has_faulty_change(&problems, checker.problems);
    if is_order_known {
        check_order(&changes, &base, &mut checker);
    }
    append_new(&mut problems, of_checking);
    if !is_order_known && changes.len() + unread.len() > 1 {
        problems.leave_unchecked(missing.sentence());
    }
    problems
}

/// All changes of scenarios with what messages call them, and the faults that reading found.
fn listed<'s>(scenarios: &[ScenarioRead<'s>]) -> (Vec<Listed<'s>>, Problems) {
    let mut changes = Vec::new();
    let mut problems = Problems::default();
    for read in scenarios {
        let prefix = prefix(scenarios, read);
        for (&position, change) in read.positions.iter().zip(&read.scenario.changes) {
            let label = format!("{prefix}{}", change_label(position, change.change.name()));
            changes.push(Listed { position, label, change, locations: read.locations });
        }
        for problem in read.problems {
            let is_of_change = problem.entity.starts_with("change ");
            let prefix = if is_of_change { prefix.as_str() } else { "" };
            let entity = format!("{prefix}{}", problem.entity);
            problems.push(Problem { entity, ..problem.clone() });
        }
    }
    (changes, problems)
}

/// Whether a change is not known well enough to be tried among the others: when it begins or ends, or what
/// it changes, has a fault.
fn has_faulty_change(of_reading: &Problems, of_checking: &Problems) -> bool {
    let mut faults = of_reading.list().iter().chain(of_checking.list());
    faults.any(|fault| {
        fault.field == "on" || fault.field == "until" || fault.field.starts_with("change")
    })
}

/// Appends the faults of checking; of a field that could not be read, nothing more is said.
fn append_new(problems: &mut Problems, of_checking: Problems) {
    let mut of_reading: BTreeSet<(String, String)> = BTreeSet::new();
    for problem in problems.list() {
        of_reading.insert((problem.entity.clone(), problem.field.clone()));
    }
    let has_fault = |entity: &str, field: &str| {
        let key = (entity.to_owned(), field.to_owned());
        if of_reading.contains(&key) {
            return true;
        }
        // Of a value that was read in part, nothing more is said either.
        let within = format!("{field}.");
        let next = of_reading.range(key..).next();
        next.is_some_and(|(subject, path)| subject == entity && path.starts_with(&within))
    };
    for problem in of_checking.into_list() {
        // An end says nothing about a start that could not be read.
        let is_undated = problem.field == "until" && has_fault(&problem.entity, "on");
        if !is_undated && !has_fault(&problem.entity, &problem.field) {
            problems.push(problem);
        }
    }
}

/// What may be missing among the keys because changes could not be read: a hospital or a cooperation that
/// only such a change adds is not unknown.
struct Missing {
    may_have_hospital: bool,
    may_have_cooperation: bool,
}

impl Missing {
    fn of(unread: &[Unread], changes: &[Listed<'_>]) -> Self {
        let is_unread = |name: &str| unread.iter().any(|change| change.may_be(name));
        let mut missing = Self {
            may_have_hospital: is_unread("OpenHospital"),
            may_have_cooperation: is_unread("StartCooperation"),
        };
        // Of what was read, the key itself may have a fault.
        for listed in changes {
            match listed.change.change.added() {
                Some((Refers::Hospital, "")) => missing.may_have_hospital = true,
                Some((Refers::Cooperation, "")) => missing.may_have_cooperation = true,
                _ => {}
            }
        }
        missing
    }

    /// What was not checked, in words.
    fn sentence(&self) -> &'static str {
        match (self.may_have_hospital, self.may_have_cooperation) {
            (false, false) => "The order of the changes was not checked.",
            (true, false) => {
                "The order of the changes was not checked, nor whether the hospitals that they name exist."
            }
            (false, true) => {
                "The order of the changes was not checked, nor whether the cooperations that they name exist."
            }
            (true, true) => {
                "The order of the changes was not checked, nor whether the hospitals and cooperations that they \
                 name exist."
            }
        }
    }
}

/// Changes, none of which has a fault by itself, follow each other in an order that makes sense.
fn check_order<'s>(changes: &'s [Listed<'s>], base: &'s Base<'_>, checker: &mut Checker<'s>) {
    let before = checker.problems.count();
    check_departments(changes, checker);
    check_ends(changes, base, checker);
    // Trying them would tell the same faults in other words.
    if checker.problems.count() > before {
        return;
    }

    // What is sound so far is tried one after the other.
    let dated: Vec<&DatedChange> = changes.iter().map(|listed| listed.change).collect();
    for (index, FaultInOrder { path, fault }) in faults_in_order(base.network, &dated) {
        changes[index].enter(checker);
        let path = if path.is_empty() { "change".to_owned() } else { format!("change.{path}") };
        checker.fault(&path, fault);
    }
}

/// A text that must say something.
fn check_text(path: &str, text: &str, checker: &mut Checker<'_>) {
    if text.trim().is_empty() {
        checker.fault(path, Fault::new(ProblemKind::Missing, "is empty"));
    }
}

fn check_head(scenario: &Scenario, checker: &mut Checker<'_>) {
    checker.word(&scenario.key);
    check_text("name", &scenario.name, checker);
    check_text("source", &scenario.source, checker);
    for (index, words) in scenario.assumed.iter().enumerate() {
        check_text(&format!("assumed[{index}]"), words, checker);
    }
}

fn check_dates(one: &DatedChange, base: &Base<'_>, checker: &mut Checker<'_>) {
    if one.on < base.start {
        let message = said!("{on} is before the start on {start}", on = one.on, start = base.start);
        let fault = Fault::new(ProblemKind::Order, message);
        checker.fault("on", fault.expected("a moment from the day of the network on"));
    }
    if let Some(until) = one.until {
        if let Some(why) = one.change.why_without_end() {
            let message =
                said!("{change} has no end of its own: {why}", change = one.change.name(), why);
            let fault = Fault::new(ProblemKind::Conflict, message).expected("no until");
            checker.fault("until", fault);
        } else if until <= one.on {
            let message = said!("until {until} is not after on {on}", until, on = one.on);
            checker
                .fault("until", Fault::new(ProblemKind::Order, message).expected("a later moment"));
        }
    }
    check_text("reason", &one.reason, checker);
    if let Some(source) = &one.source {
        check_text("source", source, checker);
    }
}

/// A time in which something holds.
#[derive(Clone, Copy)]
struct Spell {
    from: DateTime,
    until: Option<DateTime>,
    /// Of a department: closed, not only diverted.
    is_closure: bool,
}

impl Spell {
    fn covers(&self, at: DateTime) -> bool {
        self.from <= at && self.until.is_none_or(|until| at < until)
    }
}

/// Departments close, divert and open in an order that makes sense; `changes` come in the order of
/// time.
fn check_departments<'s>(changes: &'s [Listed<'s>], checker: &mut Checker<'s>) {
    let mut spells: BTreeMap<&DepartmentKey, Vec<Spell>> = BTreeMap::new();
    for listed in changes {
        let dated = listed.change;
        listed.enter(checker);
        match &dated.change {
            Change::CloseDepartment(key) | Change::DivertDepartment(key) => {
                let is_closure = matches!(dated.change, Change::CloseDepartment(_));
                let spells = spells.entry(key).or_default();
                // Changes come in the order of time: what is over covers none that follows.
                spells.retain(|spell| spell.until.is_none_or(|until| until > dated.on));
                let before = spells
                    .iter()
                    .find(|spell| spell.covers(dated.on) && (spell.is_closure || !is_closure));
                if let Some(before) = before {
                    let what = if before.is_closure { "closed" } else { "diverted" };
                    let message = said!(
                        "\"{specialty}\" of \"{hospital}\" is {what} already since {from}",
                        specialty = key.specialty,
                        hospital = key.hospital,
                        what,
                        from = before.from
                    );
                    let fault = Fault::new(ProblemKind::Conflict, message);
                    let expected = if is_closure {
                        "a department that is not closed then"
                    } else {
                        "a department that is neither closed nor diverted then"
                    };
                    checker.fault("change", fault.expected(expected));
                    continue;
                }
                spells.push(Spell { from: dated.on, until: dated.until, is_closure });
            }
            Change::OpenDepartment(key) => {
                let Err(by_itself) = open(spells.entry(key).or_default(), dated.on) else {
                    continue;
                };
                let name = said!(
                    "\"{specialty}\" of \"{hospital}\"",
                    specialty = key.specialty,
                    hospital = key.hospital
                );
                let message = match by_itself {
                    Some(until) => said!("{name} opens by itself on {until}", name, until),
                    None => said!("{name} is not closed then", name),
                };
                let fault = Fault::new(ProblemKind::Conflict, message).expected(
                    "a department that an earlier change closed or diverted without until",
                );
                checker.fault("change", fault);
            }
            _ => {}
        }
    }
}

/// Ends the spells that have no end of their own. Where there is none: the end of one that has.
fn open(spells: &mut [Spell], at: DateTime) -> Result<(), Option<DateTime>> {
    let mut endless = spells.iter_mut().filter(|spell| spell.until.is_none()).peekable();
    if endless.peek().is_none() {
        return Err(spells.iter().find(|spell| spell.covers(at)).and_then(|spell| spell.until));
    }
    endless.for_each(|spell| spell.until = Some(at));
    Ok(())
}

/// A cooperation that ends exists and is at work; `changes` come in the order of time.
fn check_ends<'s>(changes: &'s [Listed<'s>], base: &Base<'_>, checker: &mut Checker<'s>) {
    let mut at_work: BTreeMap<&str, Spell> = BTreeMap::new();
    for cooperation in &base.network.cooperations {
        let always = Spell { from: base.start, until: None, is_closure: false };
        at_work.insert(&cooperation.key, always);
    }
    for listed in changes {
        let dated = listed.change;
        if let Some(key) = dated.change.started() {
            at_work.insert(key, Spell { from: dated.on, until: dated.until, is_closure: false });
        }
    }
    let mut ended: BTreeMap<&str, Vec<Spell>> = BTreeMap::new();
    for listed in changes {
        let dated = listed.change;
        let Change::EndCooperation(key) = &dated.change else { continue };
        listed.enter(checker);
        let Some(work) = at_work.get(key.as_str()) else {
            let message =
                said!("cooperation \"{key}\" is not at work on {start}", key, start = base.start);
            not_at_work(message, checker);
            continue;
        };
        let ends = ended.entry(key).or_default();
        // Changes come in the order of time: what is over covers none that follows.
        ends.retain(|spell| spell.until.is_none_or(|until| until > dated.on));
        if let Some(before) = ends.iter().find(|spell| spell.covers(dated.on)) {
            let message = said!(
                "cooperation \"{key}\" is over already since {from}",
                key,
                from = before.from
            );
            not_at_work(message, checker);
        } else if !work.covers(dated.on) {
            not_at_work(
                said!("cooperation \"{key}\" is not at work on {on}", key, on = dated.on),
                checker,
            );
        } else {
            ends.push(Spell { from: dated.on, until: dated.until, is_closure: false });
        }
    }
}

fn not_at_work(message: String, checker: &mut Checker<'_>) {
    let fault = Fault::new(ProblemKind::Conflict, message);
    checker.fault("change", fault.expected("a cooperation that is at work then"));
}
