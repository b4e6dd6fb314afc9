//! Why nobody is treated over a link.

use std::cell::OnceCell;

use serde::Serialize;

use super::obstacles;
use crate::model::{CooperationId, HospitalId, StageIndex, StageProvision};
use crate::pathways::{Loads, Outcome, PathwayError, Prepared, Protocol, Query, Users, UsualRoute};

/// How many patients a cooperation carries in a pathway under one protocol, and why none where it carries none.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct LinkUse {
    /// The cooperation, of the region or added.
    pub cooperation: CooperationId,
    /// Which first door is prescribed.
    pub protocol: Protocol,
    /// Cases a year from inside that go over it; people where nobody knows the cases.
    pub cases: f64,
    /// Why nobody does; `None` where somebody does.
    pub unused: Option<Unused>,
}

/// How a cooperation is used in one pathway.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct PathwayUses<'s> {
    /// The pathway as it is set up.
    pub prepared: &'s Prepared<'s>,
    /// By protocol.
    pub uses: Vec<LinkUse>,
}

/// Why nobody is treated over a cooperation.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Unused {
    /// It can serve no stage and no transfer of the pathway in any hour, for these reasons.
    ServesNothing(Vec<String>),
    /// The hospital that it would help does this stage itself.
    Itself {
        /// The hospital.
        hospital: HospitalId,
        /// The stage.
        stage: StageIndex,
    },
    /// Another cooperation does the same for the same hospital.
    Instead {
        /// The other one.
        cooperation: CooperationId,
        /// Cases a year that go over that one.
        cases: f64,
    },
    /// Another hospital that can be a first door is nearer to everybody.
    NearerDoor {
        /// The hospital that nobody comes to.
        hospital: HospitalId,
    },
    /// Those near the hospital are brought to another one.
    Straight {
        /// The hospital that nobody comes to.
        past: HospitalId,
        /// Where most of them go.
        to: HospitalId,
        /// The share of them who do, 0 to 1.
        share: f64,
    },
    /// Patients come to the hospital, and are treated there by another way or handed on another way.
    AnotherWay {
        /// The hospital.
        hospital: HospitalId,
    },
}

/// How many patients each of these cooperations carries under each of these protocols, and why none where it carries
/// none. What nobody uses under one protocol may carry many under another.
///
/// # Errors
///
/// As [`Prepared::evaluate`].
///
/// ```
/// use verbund::Region;
/// use verbund::impact::{PROTOCOLS, Unused, link_uses, proposed};
/// use verbund::pathways::{Prepared, Protocol, Query};
///
/// let region = Region::leipzig()?;
/// let stroke = region.network().catalog().pathway("stroke").ok_or("no pathway")?;
/// let prepared = Prepared::new(&region, stroke, &[])?;
/// let link = region.network().find_cooperation("tessa-eilenburg").ok_or("no such link")?;
/// let uses = link_uses(&prepared, &[link], &Query::default(), &PROTOCOLS)?;
/// // The link of the other expert does the same for Eilenburg, and stands before it.
/// assert!(uses.iter().all(|used| matches!(used.unused, Some(Unused::Instead { .. }))));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn link_uses(
    prepared: &Prepared<'_>,
    cooperations: &[CooperationId],
    query: &Query,
    protocols: &[Protocol],
) -> Result<Vec<LinkUse>, PathwayError> {
    if cooperations.is_empty() {
        return Ok(Vec::new());
    }
    let mut by_protocol = Vec::with_capacity(protocols.len());
    for &protocol in protocols {
        let outcome = prepared.evaluate(&query.clone().protocol(protocol))?;
        let loads = outcome.loads();
        by_protocol.push((protocol, outcome, loads));
    }

    // Who would come to a hospital first if nobody was brought past it: mostly one of the protocols asks that anyway.
    let apart;
    let known = by_protocol.iter().find(|(protocol, ..)| *protocol == Protocol::NearestDoor);
    let nearest = if let Some((_, outcome, _)) = known {
        outcome
    } else {
        apart = prepared.evaluate(&query.clone().protocol(Protocol::NearestDoor))?;
        &apart
    };
    let users = OnceCell::new();

    let mut uses = Vec::new();
    for &cooperation in cooperations {
        for (protocol, outcome, loads) in &by_protocol {
            let cases = loads.by_cooperation.get(&cooperation).map_or(0.0, |used| used.inside);
            let search = Search { outcome, nearest, users: &users, loads, cooperation };
            let unused = if cases > 0.0 { None } else { Some(search.reason()) };
            uses.push(LinkUse { cooperation, protocol: *protocol, cases, unused });
        }
    }
    Ok(uses)
}

/// The reason of one cooperation, while it is looked for.
struct Search<'s> {
    outcome: &'s Outcome<'s, 's>,
    nearest: &'s Outcome<'s, 's>,
    /// Those of `nearest`, for every cooperation that asks.
    users: &'s OnceCell<Users>,
    loads: &'s Loads,
    cooperation: CooperationId,
}

impl Search<'_> {
    fn reason(&self) -> Unused {
        let prepared = self.outcome.prepared();
        let Some(task) = prepared.tasks_of(self.cooperation).into_iter().next() else {
            let pathways = [prepared.pathway()];
            let cooperation = prepared.cooperation(self.cooperation);
            return Unused::ServesNothing(obstacles(prepared.region(), &pathways, cooperation));
        };
        // Who is helped, or hands patients on: there patients would have to come.
        let hospital = if task.stage.is_some() { task.to } else { task.from };
        // First of all: where another one does it, nobody needs to know who comes.
        if let Some(other) = self.instead(task.stage, hospital) {
            return other;
        }
        if let Some(stage) = task.stage.filter(|stage| self.does_itself(*stage, hospital)) {
            return Unused::Itself { hospital, stage };
        }

        let users = self.users.get_or_init(|| self.nearest.users());
        let Some(near) = users.doors.get(&hospital) else {
            return Unused::NearerDoor { hospital };
        };
        match self.outcome.usual_route(near) {
            Some(UsualRoute { stops, share }) => match stops.first() {
                Some(first) if first.hospital != hospital => {
                    Unused::Straight { past: hospital, to: first.hospital, share }
                }
                _ => Unused::AnotherWay { hospital },
            },
            // All who are near live outside of the region.
            None => Unused::NearerDoor { hospital },
        }
    }

    /// The other cooperation that does most of the same for a hospital.
    fn instead(&self, stage: Option<StageIndex>, hospital: HospitalId) -> Option<Unused> {
        // Loads stand with the greatest first.
        for load in &self.loads.cooperations {
            let served = if stage.is_some() { load.to } else { load.from };
            if load.stage == stage && served == hospital && load.cooperation != self.cooperation {
                return Some(Unused::Instead { cooperation: load.cooperation, cases: load.inside });
            }
        }
        None
    }

    /// Whether a hospital does a stage itself for anybody.
    fn does_itself(&self, stage: StageIndex, hospital: HospitalId) -> bool {
        let done = &self.outcome.prepared().pathway()[stage];
        self.loads.hospitals.iter().any(|load| {
            let is_here = load.stage == stage && load.hospital == hospital;
            is_here && matches!(done[load.way], StageProvision::OnSite)
        })
    }
}
