//! Scenarios: what changes in a region, when, and why.

mod apply;
mod base;
mod change;
mod check;
mod checked;
mod draft;
mod kind;
mod read;
mod refers;
mod state;
mod terms;
mod write;

pub use apply::under;
pub(crate) use apply::{changed, put_in_force};
pub(crate) use change::OF_THE_INJURED;
pub use change::*;
pub use checked::CheckedScenario;
pub use draft::ScenarioDraft;
pub use refers::Refers;
pub(crate) use state::State;

use serde::{Deserialize, Serialize};

use crate::calendar::{Date, DateTime};

/// A named, ordered list of changes to a region, each from a moment on.
///
/// Changes take effect in the order of [`Scenario::changes_in_order`]. A scenario without changes
/// changes nothing.
///
/// Applied to a region ([`Region::apply`](crate::Region::apply)) or to a model ([`under`]) it makes a copy that shares what
/// stays; only travel times of what is new are measured, so that closing a hospital of Leipzig takes 3 ms. What passes
/// ([`Scenario::passing`]: surges, incidents, staff shortages, diversions) shows in a simulation alone. Every kind of change has an example
/// in [`CHANGE_EXAMPLES`].
///
/// ```
/// use verbund::files::Folder;
/// use verbund::scenario::Scenario;
///
/// let model = Folder::small().read()?;
/// let text = r#"Scenario(
///     format: 1, id: "no-births", name: "South without births", source: "invented",
///     changes: [(
///         on: "2026-02-01 06:00", until: "2026-03-01", reason: "no midwives",
///         change: CloseDepartment(hospital: "south", specialty: "obstetrics"),
///     )],
/// )"#;
/// let scenario = Scenario::read(text, "no-births.ron", &model.network, &model.places)?;
/// assert_eq!(scenario.changes[0].change.name(), "CloseDepartment");
///
/// let wrong = text.replace("south", "suoth");
/// let problems = Scenario::read(&wrong, "no-births.ron", &model.network, &model.places).unwrap_err();
/// assert_eq!(problems.list()[0].closest.as_deref(), Some("south"));
/// # Ok::<(), verbund::problem::Problems>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Scenario {
    /// Written key, a word without spaces; `id` in files.
    pub key: String,
    /// What it is called.
    pub name: String,
    /// Where it comes from: a publication, a plan, or that it was invented.
    pub source: String,
    /// What of it nobody published, in words.
    pub assumed: Vec<String>,
    /// The changes, in the order of the file.
    pub changes: Vec<DatedChange>,
}

impl Scenario {
    /// A scenario without changes.
    ///
    /// `key` is a word without spaces; `source` says where it comes from: a publication, a plan, or that it was
    /// invented.
    ///
    /// ```
    /// use verbund::files::Folder;
    /// use verbund::scenario::{Change, DatedChange, Scenario, under};
    ///
    /// let model = Folder::small().read()?;
    /// let closes = Change::CloseHospital("south".into());
    /// let scenario = Scenario::new("no-south", "Süd closes", "invented")
    ///     .change(DatedChange::new("2026-07-01".parse().unwrap(), "no staff", closes));
    /// assert!(scenario.check(&model.network, &model.places).is_empty());
    /// let after = under(&model, &[&scenario], "2026-07-01".parse().unwrap())?;
    /// assert_eq!(after.network.hospitals().len(), 3);
    ///
    /// // Written and read back by serde, as a server keeps it.
    /// let text = serde_json::to_string(&scenario).unwrap();
    /// assert_eq!(serde_json::from_str::<Scenario>(&text).unwrap(), scenario);
    /// # Ok::<(), verbund::problem::Problems>(())
    /// ```
    pub fn new(key: impl Into<String>, name: impl Into<String>, source: impl Into<String>) -> Self {
        Self {
            key: key.into(),
            name: name.into(),
            source: source.into(),
            assumed: Vec::new(),
            changes: Vec::new(),
        }
    }

    /// The same with a change more.
    #[must_use]
    pub fn change(mut self, change: DatedChange) -> Self {
        self.changes.push(change);
        self
    }

    /// Several scenarios as one, whose changes are those of the first, then of the second, and so on; `None` of
    /// none. Its key is theirs with `+` between them.
    ///
    /// ```
    /// use verbund::scenario::Scenario;
    ///
    /// let both = [Scenario::new("a", "A closes", "a plan"), Scenario::new("b", "B closes", "a plan")];
    /// let one = Scenario::together(&both).ok_or("there are two")?;
    /// assert_eq!((one.key.as_str(), one.name.as_str()), ("a+b", "A closes, then B closes"));
    /// assert_eq!(one.source, "a plan");
    /// # Ok::<(), &str>(())
    /// ```
    pub fn together(scenarios: &[Self]) -> Option<Self> {
        let (first, others) = scenarios.split_first()?;
        let mut joined = first.clone();
        for scenario in others {
            joined.key = format!("{}+{}", joined.key, scenario.key);
            joined.name = format!("{}, then {}", joined.name, scenario.name);
            if !joined.source.split("; ").any(|source| source == scenario.source) {
                joined.source = format!("{}; {}", joined.source, scenario.source);
            }
            joined.assumed.extend_from_slice(&scenario.assumed);
            joined.changes.extend_from_slice(&scenario.changes);
        }
        Some(joined)
    }

    /// The changes by the moments at which they begin; those of one moment in the order of the list.
    pub fn changes_in_order(&self) -> Vec<&DatedChange> {
        in_order(&[self])
    }

    /// The same scenario with only what passes and changes nothing of structure: surges, incidents, staff
    /// shortages, and departments that divert. Only a simulation shows what these do. A diversion without an end lasts to
    /// the next `OpenDepartment` of that department, which becomes its end.
    #[must_use]
    pub fn passing(&self) -> Self {
        let mut changes = Vec::new();
        for dated in &self.changes {
            match &dated.change {
                Change::Surge(_) | Change::Incident(_) | Change::StaffShortage(_) => {
                    changes.push(dated.clone());
                }
                Change::DivertDepartment(key) => {
                    let until = dated.until.or_else(|| self.opening_after(dated.on, key));
                    changes.push(DatedChange { until, ..dated.clone() });
                }
                _ => {} // lasts, or changes structure
            }
        }
        Self { changes, ..self.clone() }
    }

    /// When a department opens next after a moment, by a change that says so.
    fn opening_after(&self, moment: DateTime, key: &DepartmentKey) -> Option<DateTime> {
        let mut opening = None;
        for dated in &self.changes {
            if let Change::OpenDepartment(opened) = &dated.change
                && opened == key
                && dated.on > moment
                && opening.is_none_or(|earliest| dated.on < earliest)
            {
                opening = Some(dated.on);
            }
        }
        opening
    }

    /// The first day on which every lasting change (one without `until`) has begun, at its end: what
    /// comparisons of a network before and after take when nobody names a day. `None` without such a
    /// change.
    ///
    /// A change that begins within a day is in force from the next midnight on, so that day is taken.
    pub fn settled_on(&self) -> Option<Date> {
        let lasting = self.changes.iter().filter(|dated| dated.until.is_none());
        let last = lasting.map(|dated| dated.on).max()?;
        if last.minute() == 0 { Some(last.date()) } else { last.date().plus_days(1) }
    }
}

/// The changes of several scenarios by the moments at which they begin; those of one moment by scenario,
/// then in the order of its list.
pub(crate) fn in_order<'s>(scenarios: &[&'s Scenario]) -> Vec<&'s DatedChange> {
    let mut changes: Vec<&DatedChange> =
        scenarios.iter().flat_map(|scenario| &scenario.changes).collect();
    changes.sort_by_key(|dated| dated.on);
    changes
}

/// A change with its dates and its reason.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct DatedChange {
    /// When it takes effect; not before the day of the network.
    pub on: DateTime,
    /// First moment at which it is over, after `on`; `None` for a change that stays or that happens
    /// once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<DateTime>,
    /// Why.
    pub reason: String,
    /// Where it comes from, where that is not the source of the scenario.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// What changes.
    pub change: Change,
}

impl DatedChange {
    /// A change from a moment on, and why; it lasts, or happens once.
    pub fn new(on: DateTime, reason: impl Into<String>, change: Change) -> Self {
        Self { on, until: None, reason: reason.into(), source: None, change }
    }

    /// The same until a moment, from which on it is over.
    #[must_use]
    pub fn until(mut self, until: DateTime) -> Self {
        self.until = Some(until);
        self
    }

    /// Whether it is in force at a moment: it has begun and is not over.
    pub fn is_in_force(&self, at: DateTime) -> bool {
        self.on <= at && self.until.is_none_or(|until| at < until)
    }
}

/// What a change is called in messages: `change 2 (Road)`.
pub(crate) fn change_label(position: usize, name: &str) -> String {
    format!("change {} ({name})", position + 1)
}

/// What a scenario is called in messages.
pub(crate) fn scenario_label(key: &str) -> String {
    if key.is_empty() { "scenario".to_owned() } else { format!("scenario \"{key}\"") }
}
