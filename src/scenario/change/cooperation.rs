//! Cooperations that start, end and change.

use serde::Deserialize;
use serde::ser::{Serialize, SerializeStruct, Serializer};

use crate::calendar::Hours;
use crate::files::network::{read_agreement, read_kind};
use crate::model::check::{Checker, Sites, check_cooperation};
use crate::model::location::Fault;
use crate::model::renamed::respelled;
use crate::model::{Cooperation, CooperationKind, Parties, Status};
use crate::problem::ProblemKind;
use crate::scenario::base::Added;
use crate::scenario::base::{Base, unknown_change};
use crate::scenario::kind::Kind;
use crate::scenario::refers::{self, Refers};
use crate::scenario::state::{Refusal, State, conflict};
use crate::scenario::terms::{Fields, Terms};

/// The kinds of this family, behind those of the families before it.
macro_rules! cooperation_changes {
    ([$next:ident $($later:ident)*] $($listed:tt)*) => {
        $next! { [$($later)*] $($listed)*
            /// A cooperation starts; it is over at `until`. Its own dates are empty and it is active: the change says
            /// when.
            StartCooperation(Cooperation) => cooperation::Start {
                does: "a cooperation starts, and is over at `until`.",
                example: r#"(on: "2026-07-01", reason: "an expert for strokes at Torgau",
 change: StartCooperation(
     id: "tele-stroke-torgau", kind: Telemedicine(consult: "10m"), from: "ukl-leipzig", to: ["kkh-torgau"],
     fields: ["neurology"], hours: "Mon-Fri 8-20", sources: ["project-assumption"],
 )),"#,
            }
            /// The cooperation of this key ends; it comes back at `until`.
            EndCooperation(String) => cooperation::End {
                does: "the cooperation of this key ends, and comes back at `until`.",
                example: r#"(on: "2026-07-01", reason: "the contract is not renewed", change: EndCooperation("tessa-eilenburg")),"#,
            }
            /// A cooperation has other terms, partners, fields or hours.
            ChangeCooperation(CooperationChange) => cooperation::Alter {
                does: "other `kind` with its terms, `partners` (or `from` and `to`), `fields` or `hours`; what is left \
                    out stays.",
                example: r#"(on: "2026-07-01", reason: "the expert is there by day only",
 change: ChangeCooperation(id: "tessa-delitzsch", hours: "Mon-Fri 8-16")),"#,
            }
        }
    };
}

/// Why a cooperation that a scenario starts has no dates of its own.
const UNDATED: &str = "a cooperation that starts has no dates and no status of its own";

/// A cooperation starts.
pub(super) struct Start;

impl Kind for Start {
    type Terms = Cooperation;
    const WHY_WITHOUT_END: Option<&'static str> = None;
    const IS_OF_STRUCTURE: bool = false;

    fn read(terms: Terms<'_, '_, '_>) -> Option<Cooperation> {
        terms.fields(|fields| {
            for name in ["since", "until", "status"] {
                if fields.record.has(name) {
                    // Asked for, so that it is not told as a field that nobody knows as well.
                    let _ = fields.record.raw_value(name);
                    let fault = Fault::new(ProblemKind::Conflict, UNDATED);
                    fields.report(name, fault.expected("on and until of the change"));
                }
            }
            let key = fields.text("id");
            read_agreement(&mut fields.record, fields.reader, key)
        })
    }

    fn check(cooperation: &Cooperation, base: &Base<'_>, checker: &mut Checker<'_>) {
        checker.word(&cooperation.key);
        if base.cooperations.contains(cooperation.key.as_str()) {
            let message = said!(
                "there is a cooperation \"{cooperation}\" already",
                cooperation = cooperation.key
            );
            checker.duplicate("id", message);
        }
        for (name, is_there) in [
            ("since", cooperation.since.is_some()),
            ("until", cooperation.until.is_some()),
            ("status", cooperation.status != Status::Active),
        ] {
            if is_there {
                let fault = Fault::new(ProblemKind::Conflict, UNDATED);
                checker.fault(name, fault.expected("on and until of the change"));
            }
        }

        // Dates that should not be there were told: what else is wrong is judged without them.
        let undated =
            Cooperation { since: None, until: None, status: Status::Active, ..cooperation.clone() };
        let find = |key: &str| base.find(key);
        let sites = Sites { keys: &base.hospitals, find: &find };
        check_cooperation(&base.everything, &undated, sites, checker);
    }

    fn apply<'s>(cooperation: &'s Cooperation, state: &mut State<'s>) -> Result<(), Refusal> {
        state.check_parties(cooperation)?;
        if state.cooperation(&cooperation.key).is_ok() {
            let message = said!(
                "there is a cooperation \"{cooperation}\" already",
                cooperation = cooperation.key
            );
            return Err(conflict("id", message, "another key"));
        }
        // Cooperations stand in the order of their keys.
        let cooperations = &mut state.network.cooperations;
        let position = cooperations.partition_point(|before| before.key < cooperation.key);
        cooperations.insert(position, cooperation.clone());
        Ok(())
    }

    fn keys_mut(cooperation: &mut Cooperation) -> Vec<(Refers, &mut String)> {
        refers::parties(&mut cooperation.parties)
    }

    fn adds(cooperation: &Cooperation) -> Added<'_> {
        Added::Cooperation(cooperation)
    }
}

/// A cooperation ends.
pub(super) struct End;

impl Kind for End {
    type Terms = String;
    const WHY_WITHOUT_END: Option<&'static str> = None;
    const IS_OF_STRUCTURE: bool = false;

    fn read(terms: Terms<'_, '_, '_>) -> Option<String> {
        terms.key("cooperation")
    }

    /// Whether it is at work then shows with the other changes, in their order.
    fn check(key: &String, base: &Base<'_>, checker: &mut Checker<'_>) {
        // Those of other days count as known: that one is not at work is told by its day, not as a
        // slip of the key.
        let is_known = base.known_cooperations.contains(key.as_str())
            || base.cooperations.contains(key.as_str());
        if !is_known {
            unknown_change("cooperation", key, &base.known_cooperations, checker);
        }
    }

    fn apply<'s>(key: &'s String, state: &mut State<'s>) -> Result<(), Refusal> {
        let position = state.cooperation(key)?;
        state.network.cooperations.remove(position);
        Ok(())
    }

    fn keys_mut(key: &mut String) -> Vec<(Refers, &mut String)> {
        vec![(Refers::Cooperation, key)]
    }
}

/// Other terms, partners, fields or hours of a cooperation; `None` for what stays.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(try_from = "ChangeRecord")]
pub struct CooperationChange {
    /// Key of the cooperation; `id` in files.
    pub key: String,
    /// Its kind with all of its terms.
    pub kind: Option<CooperationKind>,
    /// Who takes part.
    pub parties: Option<Parties>,
    /// The fields that it covers.
    pub fields: Option<Vec<String>>,
    /// When it works.
    pub hours: Option<Hours>,
}

impl Serialize for CooperationChange {
    /// As files write it: `partners`, or `from` and `to`; what stays is left out.
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut out = to.serialize_struct("CooperationChange", 6)?;
        out.serialize_field("id", &self.key)?;
        if let Some(kind) = &self.kind {
            out.serialize_field("kind", kind)?;
        }
        match &self.parties {
            Some(Parties::Mutual(partners)) => out.serialize_field("partners", partners)?,
            Some(Parties::Directed { from, to }) => {
                out.serialize_field("from", from)?;
                out.serialize_field("to", to)?;
            }
            None => {}
        }
        if let Some(fields) = &self.fields {
            out.serialize_field("fields", fields)?;
        }
        if let Some(hours) = &self.hours {
            out.serialize_field("hours", hours)?;
        }
        out.end()
    }
}

/// A change of a cooperation as it is written: `partners`, or `from` and `to`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ChangeRecord {
    id: String,
    kind: Option<CooperationKind>,
    partners: Option<Vec<String>>,
    from: Option<String>,
    to: Option<Vec<String>>,
    fields: Option<Vec<String>>,
    hours: Option<Hours>,
}

impl TryFrom<ChangeRecord> for CooperationChange {
    type Error = &'static str;

    fn try_from(record: ChangeRecord) -> Result<Self, &'static str> {
        Ok(Self {
            key: record.id,
            kind: record.kind,
            parties: Parties::of_record(record.partners, record.from, record.to)?,
            fields: record.fields.map(|fields| fields.into_iter().map(respelled).collect()),
            hours: record.hours,
        })
    }
}

/// A cooperation has other terms, partners, fields or hours.
pub(super) struct Alter;

impl Kind for Alter {
    type Terms = CooperationChange;
    const WHY_WITHOUT_END: Option<&'static str> = None;
    const IS_OF_STRUCTURE: bool = true;

    fn read(terms: Terms<'_, '_, '_>) -> Option<CooperationChange> {
        terms.fields(|fields| {
            let key = fields.text("id");
            let kind = if fields.record.has("kind") {
                read_kind(&mut fields.record, fields.reader)
            } else {
                // Left out, it stays; asked for, it is no field that nobody knows.
                let _ = fields.record.raw_value("kind");
                None
            };
            let parties = read_parties(fields);
            // An empty list says that it covers nothing from then on; none says that nothing
            // changes.
            let has_fields = fields.record.has("fields");
            let covered = fields.texts("fields");
            Some(CooperationChange {
                key,
                kind,
                parties,
                fields: has_fields.then_some(covered),
                hours: fields.parsed("hours"),
            })
        })
    }

    /// The cooperation as it would be has no fault.
    fn check(change: &CooperationChange, base: &Base<'_>, checker: &mut Checker<'_>) {
        if !base.known_cooperations.contains(change.key.as_str()) {
            let known = base.known_cooperations.iter().copied();
            checker.unknown("id", "cooperation", &change.key, known);
            return;
        }
        let changes_something = change.kind.is_some()
            || change.parties.is_some()
            || change.fields.is_some()
            || change.hours.is_some();
        if !changes_something {
            let fault = Fault::new(ProblemKind::Missing, "nothing of the cooperation changes");
            checker.fault("id", fault.expected("kind, partners, from and to, fields or hours"));
        }
        // One that the scenario starts is checked there; what changes of it shows when it is applied.
        let mut cooperations = base.network.cooperations.iter();
        let before = cooperations.find(|cooperation| cooperation.key == change.key);
        let Some(before) = before else { return };
        let find = |key: &str| base.find(key);
        let sites = Sites { keys: &base.hospitals, find: &find };
        check_cooperation(&base.everything, &change.applied_to(before), sites, checker);
    }

    fn apply<'s>(change: &'s CooperationChange, state: &mut State<'s>) -> Result<(), Refusal> {
        let position = state.cooperation(&change.key)?;
        let changed = change.applied_to(&state.network.cooperations[position]);
        state.check_parties(&changed)?;
        state.network.cooperations[position] = changed;
        Ok(())
    }

    fn keys_mut(change: &mut CooperationChange) -> Vec<(Refers, &mut String)> {
        let mut keys = vec![(Refers::Cooperation, &mut change.key)];
        if let Some(parties) = &mut change.parties {
            keys.extend(refers::parties(parties));
        }
        keys
    }
}

impl CooperationChange {
    /// The cooperation as it then is; what a scenario sets is marked as assumed.
    pub(crate) fn applied_to(&self, cooperation: &Cooperation) -> Cooperation {
        let mut changed = cooperation.clone();
        for (path, is_set) in [
            ("kind", self.kind.is_some()),
            ("terms", self.kind.is_some()),
            ("partners", self.parties.is_some()),
            ("fields", self.fields.is_some()),
            ("hours", self.hours.is_some()),
        ] {
            // A plan is no publication, whatever the cooperation rested on before.
            if is_set && !changed.assumed.iter().any(|assumed| assumed == path) {
                changed.assumed.push(path.to_owned());
            }
        }
        // A kind comes with all of its terms: those that were agreed for another one say nothing.
        changed.kind = self.kind.unwrap_or(changed.kind);
        if let Some(parties) = &self.parties {
            changed.parties.clone_from(parties);
        }
        if let Some(fields) = &self.fields {
            changed.fields.clone_from(fields);
        }
        changed.hours = self.hours.unwrap_or(changed.hours);

        // Terms by field are those of a framework, of fields that it names.
        let is_framework = changed.kind == CooperationKind::Framework;
        let fields = &changed.fields;
        changed.terms.retain(|field, _| is_framework && fields.contains(field));
        changed
    }
}

/// Who takes part then: `partners`, or `from` and `to`; `None` where neither is written.
fn read_parties(fields: &mut Fields<'_, '_, '_>) -> Option<Parties> {
    let is_directed = fields.record.has("from") || fields.record.has("to");
    let is_mutual = fields.record.has("partners");
    if is_directed && is_mutual {
        let message = "partners stand beside from and to";
        let fault = Fault::new(ProblemKind::Conflict, message).expected("one or the other");
        fields.report("partners", fault);
    }
    // All are read, also beside each other, so that none is told as a field that nobody knows.
    let partners = fields.texts("partners");
    let from = fields.maybe_text("from");
    let to = fields.texts("to");
    match (from, is_directed) {
        (Some(from), true) => Some(Parties::Directed { from, to }),
        (None, true) => {
            fields.record.missing(fields.reader, "from", "the hospital that gives");
            None
        }
        _ => is_mutual.then_some(Parties::Mutual(partners)),
    }
}
