//! What the region would lose or gain without a member, and where a field would be missed if all members gave it to one.

use serde::Serialize;

use super::error::AllianceError;
use super::indicators::find;
use crate::calendar::DateTime;
use crate::comparison::{Base, Comparison, StageChange, StandardChange};
use crate::model::{Alliance, Answer, OverBand};
use crate::problem::closest;
use crate::region::Region;
use crate::routing::Choice;
use crate::scenario::{Change, DatedChange, DepartmentMove, Membership, Scenario};

/// A standard before and after.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StandardMoved {
    /// Key of the standard.
    pub standard: String,
    /// People of its group.
    pub people: u64,
    /// Those within the limit before.
    pub before: u64,
    /// Those within the limit after.
    pub after: u64,
    /// People who lose care in time.
    pub lost: u64,
    /// People who gain it.
    pub won: u64,
    /// Whether it falls ([`Self::falls`]), or does not, over the whole band of the travel times, with the same error
    /// before and after; `None` without a band.
    pub over_band: Option<OverBand>,
}

impl StandardMoved {
    /// Whether everybody was in time before and is no more: the standard falls.
    pub fn falls(&self) -> bool {
        falls(self.people, self.before, self.after)
    }

    /// The same as verdicts, before and after.
    pub fn verdicts(&self) -> (Answer, Answer) {
        let verdict = |within| if within == self.people { Answer::Meets } else { Answer::DoesNot };
        (verdict(self.before), verdict(self.after))
    }
}

/// Whether everybody of some people was in time before, and not everybody is after.
fn falls(people: u64, before: u64, after: u64) -> bool {
    // Only what everybody reached can fall: a standard that was missed goes on being missed.
    before == people && after < people
}

/// Whether it is the same over the band that a standard falls, or does not.
fn falls_over_band(change: &StandardChange) -> Option<OverBand> {
    let (then, now) = (change.before.within_limit_band?, change.after.within_limit_band?);
    let people = change.after.people;
    let stated = falls(people, change.before.within_limit, change.after.within_limit);
    let [quick, slow] = [falls(people, then.quick, now.quick), falls(people, then.slow, now.slow)];
    Some(OverBand::of(&stated, [&quick, &slow]))
}

/// The last stage of a pathway before and after.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StageMoved {
    /// Key of the pathway.
    pub pathway: String,
    /// Key of its last stage.
    pub stage: String,
    /// Mean seconds from the call until it is done, before; `None` where nobody gets there.
    pub before_seconds: Option<f64>,
    /// The same after.
    pub after_seconds: Option<f64>,
    /// People without a way to it before.
    pub without_way_before: f64,
    /// People without a way after.
    pub without_way_after: f64,
}

/// A hospital that would have more bed days than beds.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Overfull {
    /// Key of the hospital.
    pub hospital: String,
    /// Occupancy before, 0 and more; `None` where no beds are known.
    pub before: Option<f64>,
    /// Occupancy after.
    pub after: Option<f64>,
}

/// What differs in care: coverage, pathways and capacity.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct CareMoved {
    /// Standards that other people reach in time, in the order of the catalog.
    pub standards: Vec<StandardMoved>,
    /// Keys of standards of which it is not the same over the band of the travel times whether they fall, also of those
    /// that nobody loses by the times as stated; in the order of the catalog.
    pub undecided: Vec<String>,
    /// Last stages of pathways that come at another time, in the order of the catalog.
    pub stages: Vec<StageMoved>,
    /// Hospitals that become overfull, or fuller beyond their beds: the most cases more first.
    pub overfull: Vec<Overfull>,
    /// Cases a year that no hospital takes, before.
    pub leftover_before: f64,
    /// The same after.
    pub leftover_after: f64,
}

impl CareMoved {
    /// Whether nothing differs for anybody.
    pub fn is_nothing(&self) -> bool {
        self.standards.is_empty()
            && self.undecided.is_empty()
            && self.stages.is_empty()
            && self.overfull.is_empty()
            && self.leftover_before == self.leftover_after
    }

    /// Standards that everybody reached in time and not everybody does after.
    pub fn fallen(&self) -> Vec<&StandardMoved> {
        self.standards.iter().filter(|standard| standard.falls()).collect()
    }

    /// People who are no more in time, over all standards: one person counts once for each.
    pub fn lost(&self) -> u64 {
        self.standards.iter().map(|standard| standard.lost).sum()
    }

    /// What differs between two regions of the same people.
    ///
    /// # Errors
    ///
    /// When they cannot be compared.
    pub fn between(before: &Region, after: &Region, choice: Choice) -> Result<Self, AllianceError> {
        let standards = &before.network().catalog().standards;
        let base = Base::new_in_short(before, standards, choice)?;
        Ok(Self::of(&base.compare(after)?))
    }

    fn of(comparison: &Comparison) -> Self {
        let mut moved = Self {
            standards: Vec::new(),
            undecided: Vec::new(),
            stages: Vec::new(),
            overfull: Vec::new(),
            leftover_before: comparison.leftover.before,
            leftover_after: comparison.leftover.after,
        };
        for change in &comparison.standards {
            // What no site offers before or after says nothing about who is in time.
            if change.is_offered && (change.won > 0 || change.lost > 0) {
                moved.standards.push(StandardMoved::of(change));
            }
            if change.is_offered && falls_over_band(change) == Some(OverBand::NotDecided) {
                moved.undecided.push(change.standard.key.clone());
            }
        }
        for change in &comparison.stages {
            // Definitive care counts; the stages before it are in the whole comparison.
            if change.is_last && change.is_changed() {
                moved.stages.push(StageMoved::of(change));
            }
        }
        for change in &comparison.hospitals {
            if change.load.is_overfull_and_fuller() {
                let occupancy = change.load.occupancy();
                let hospital = change.hospital.clone();
                let (before, after) = (occupancy.before, occupancy.after);
                moved.overfull.push(Overfull { hospital, before, after });
            }
        }
        moved
    }
}

impl StandardMoved {
    fn of(change: &StandardChange) -> Self {
        Self {
            standard: change.standard.key.clone(),
            people: change.after.people,
            before: change.before.within_limit,
            after: change.after.within_limit,
            lost: change.lost,
            won: change.won,
            over_band: falls_over_band(change),
        }
    }
}

impl StageMoved {
    fn of(change: &StageChange) -> Self {
        Self {
            pathway: change.pathway.clone(),
            stage: change.stage.clone(),
            before_seconds: change.before.done.mean_seconds,
            after_seconds: change.after.done.mean_seconds,
            without_way_before: change.before.without_way,
            without_way_after: change.after.without_way,
        }
    }
}

/// The region without a member.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct WithoutMember {
    /// Key of the hospital.
    pub member: String,
    /// Its beds; `None` where they are not stated.
    pub beds: Option<u32>,
    /// What differs in care if it closed.
    pub closed: CareMoved,
    /// What differs in care if it only left the alliance: nothing, and computed all the same.
    pub left: CareMoved,
}

/// What the region would lose or gain without a member: if it closed, and if it only left the alliance.
///
/// An alliance argues for all of its members together; this says what of the region's care rests on one of them.
///
/// # Errors
///
/// When the alliance has no such member in the network, or the regions cannot be compared.
///
/// ```
/// use verbund::Region;
/// use verbund::alliance::without_member;
/// use verbund::routing::Choice;
///
/// let region = Region::open("networks/small")?;
/// let without = without_member(&region, "example-group", "south", Choice::Nearest)?;
/// assert!(without.left.is_nothing(), "leaving an alliance moves no patient");
/// assert!(without.closed.standards.iter().any(|standard| standard.lost > 0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn without_member(
    region: &Region,
    alliance: &str,
    member: &str,
    choice: Choice,
) -> Result<WithoutMember, AllianceError> {
    let network = region.network();
    let members = find(network, alliance)?.members.iter().map(String::as_str);
    let hospital = network.find(member).filter(|_| members.clone().any(|key| key == member));
    let Some(hospital) = hospital else {
        return Err(AllianceError::NoMember {
            member: member.to_owned(),
            alliance: alliance.to_owned(),
            closest: closest(member, members),
        });
    };

    let membership = Membership { alliance: alliance.to_owned(), hospital: member.to_owned() };
    let closes = changed(region, vec![Change::CloseHospital(member.to_owned())])?;
    let leaves = changed(region, vec![Change::LeaveAlliance(membership)])?;
    Ok(WithoutMember {
        member: member.to_owned(),
        beds: network[hospital].beds,
        closed: CareMoved::between(region, &closes, choice)?,
        left: CareMoved::between(region, &leaves, choice)?,
    })
}

/// A field concentrated at one member.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Concentrated {
    /// Key of the hospital that keeps the field and gets the beds of the others.
    pub at: String,
    /// Keys of the hospitals that give it away.
    pub from: Vec<String>,
    /// What differs in care.
    pub moved: CareMoved,
}

/// Which standards fall if the members of an alliance concentrate a field: one result for each member that has it, where
/// it would be concentrated, the fewest standards that fall first, then the fewest people who lose care in time; ties in
/// the order of the alliance.
///
/// All departments of the specialty at other members move with all of their beds (`MoveDepartment`); facilities, levels and
/// agreements stay. It is a question to start a talk with, not a plan: nobody decided any of it.
///
/// # Errors
///
/// When fewer than two members in the network have an inpatient department of the specialty, or a region cannot be made.
///
/// ```
/// use verbund::Region;
/// use verbund::alliance::{AllianceError, concentrate};
/// use verbund::routing::Choice;
///
/// let region = Region::open("networks/small")?;
/// let options = concentrate(&region, "example-group", "internal_medicine", Choice::Nearest)?;
/// assert_eq!(options.len(), 2);
/// let nothing = concentrate(&region, "example-group", "dermatology", Choice::Nearest);
/// assert!(matches!(nothing, Err(AllianceError::NothingToConcentrate { count: 0, .. })));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn concentrate(
    region: &Region,
    alliance: &str,
    specialty: &str,
    choice: Choice,
) -> Result<Vec<Concentrated>, AllianceError> {
    let members = members_with(region, find(region.network(), alliance)?, specialty);
    if members.len() < 2 {
        return Err(AllianceError::NothingToConcentrate {
            alliance: alliance.to_owned(),
            field: specialty.to_owned(),
            count: members.len(),
        });
    }
    let mut options = Vec::new();
    for keeper in &members {
        let mut from = Vec::new();
        let mut moves = Vec::new();
        for giver in members.iter().filter(|giver| *giver != keeper) {
            from.push(giver.clone());
            moves.push(Change::MoveDepartment(DepartmentMove {
                specialty: specialty.to_owned(),
                from: giver.clone(),
                to: keeper.clone(),
                beds: None,
            }));
        }
        let after = changed(region, moves)?;
        let moved = CareMoved::between(region, &after, choice)?;
        options.push(Concentrated { at: keeper.clone(), from, moved });
    }
    // Stable: members that cost as much stay in the order of the alliance.
    options.sort_by_key(|option| (option.moved.fallen().len(), option.moved.lost()));
    Ok(options)
}

/// Keys of the members with an inpatient department of a specialty.
fn members_with(region: &Region, alliance: &Alliance, specialty: &str) -> Vec<String> {
    let network = region.network();
    let mut members = Vec::new();
    for key in &alliance.members {
        let hospital = network.find(key).map(|hospital| &network[hospital]);
        if hospital.is_some_and(|hospital| hospital.inpatient_department(specialty).is_some()) {
            members.push(key.clone());
        }
    }
    members
}

/// The region on its own day once changes are in force.
fn changed(region: &Region, changes: Vec<Change>) -> Result<Region, AllianceError> {
    // On the day of the network, so that both regions are of the same day.
    let day = DateTime::from(region.network().date());
    let mut scenario = Scenario::new("alliance", "What if", "assumed");
    for change in changes {
        scenario = scenario.change(DatedChange::new(day, "a question about an alliance", change));
    }
    Ok(region.apply(&[&scenario], day)?)
}
