//! Peer groups: a hospital is compared with hospitals of its role and size.
//!
//! The rule is this project's own; no published one fits both large municipal hospitals and a region.
//!
//! - **Role**: specialised where the state's plan says so; else by the higher of care level and emergency stage: maximum or
//!   comprehensive, priority or extended, basic. Unknown where neither is stated.
//! - **Size**: beds below 200, 200 to 499, 500 to 799, 800 and more. These are borders of the classes of the Federal
//!   Statistical Office, and 800 beds at one site is what the AKG asked of members in 2020.
//! - A group of fewer than [`FEWEST_PEERS`] says too little: its members are compared with all of their size, and where that
//!   is too few, with everybody; how far a group was widened stands beside it.

use serde::Serialize;

use super::indicators::{Figure, IndicatorTable, Member};
use crate::model::{CareLevel, EmergencyLevel, Hospital, Network};

/// A group with fewer members, the member itself included, is widened.
pub const FEWEST_PEERS: usize = 4;

/// What a hospital is there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Neither level nor stage is stated, or the network does not hold it.
    Unknown,
    /// A specialised hospital.
    Specialist,
    /// Basic care.
    Basic,
    /// Priority care, or the extended emergency stage.
    Extended,
    /// Maximum care, or the comprehensive emergency stage.
    Comprehensive,
}

/// How many beds a member has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Size {
    /// Not stated.
    Unknown,
    /// Below 200 beds.
    Below200,
    /// 200 to 499 beds.
    Below500,
    /// 500 to 799 beds.
    Below800,
    /// 800 beds and more.
    From800,
}

impl Size {
    /// The class of a number of beds.
    pub fn of(beds: Option<f64>) -> Self {
        match beds {
            None => Self::Unknown,
            Some(beds) if beds < 200.0 => Self::Below200,
            Some(beds) if beds < 500.0 => Self::Below500,
            Some(beds) if beds < 800.0 => Self::Below800,
            Some(_) => Self::From800,
        }
    }
}

/// How far a group had to be widened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Widened {
    /// Not at all: role and size.
    No,
    /// To all of the size.
    Size,
    /// To everybody.
    Everybody,
}

/// With whom a member is compared.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Peers {
    /// The member: its position in the table.
    pub member: usize,
    /// Its role.
    pub role: Role,
    /// Its size.
    pub size: Size,
    /// Positions of its peers, itself included, rising.
    pub peers: Vec<usize>,
    /// How far the group was widened.
    pub widened: Widened,
}

/// The role of a hospital.
pub fn role_of(hospital: &Hospital) -> Role {
    let by_level = match hospital.care_level {
        Some(CareLevel::Specialist) => return Role::Specialist,
        Some(CareLevel::Maximum) => Role::Comprehensive,
        Some(CareLevel::Priority) => Role::Extended,
        Some(CareLevel::Basic) => Role::Basic,
        None => Role::Unknown,
    };
    let by_stage = match hospital.emergency_level {
        Some(EmergencyLevel::Comprehensive) => Role::Comprehensive,
        Some(EmergencyLevel::Extended) => Role::Extended,
        Some(EmergencyLevel::Basic | EmergencyLevel::Minimum) => Role::Basic,
        None => Role::Unknown,
    };
    // The plan says what a hospital should be, the stage what it is in emergencies: the higher of both.
    by_level.max(by_stage)
}

/// The peers of every member, in the order of the members.
///
/// Beds are those of the site in the network; for a member outside of it, or whose beds are not stated, the latest figure of an
/// indicator `largest_site_beds`, or else `beds`. Unless the network states a role it is unknown, and unknown is a role
/// like any other.
///
/// ```
/// use verbund::Region;
/// use verbund::alliance::{IndicatorTable, Role, Size, peers};
///
/// let region = Region::leipzig()?;
/// let table = IndicatorTable::new(region.network(), "traumanetzwerk-westsachsen").ok_or("no network")?;
/// let groups = peers(region.network(), &table);
/// assert_eq!((groups[0].role, groups[0].size), (Role::Comprehensive, Size::From800)); // the university hospital
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn peers(network: &Network, table: &IndicatorTable) -> Vec<Peers> {
    let mut classes = Vec::new();
    for (position, member) in table.members.iter().enumerate() {
        let hospital = member.hospital.and_then(|hospital| network.hospital(hospital));
        let role = hospital.map_or(Role::Unknown, role_of);
        classes.push((role, Size::of(beds_of(network, table, position, member))));
    }

    let mut groups = Vec::new();
    for (member, (role, size)) in classes.iter().enumerate() {
        let same = positions(&classes, |class| class == (*role, *size));
        let same_size = positions(&classes, |class| class.1 == *size);
        // Size before role: a large hospital of another role is nearer than a small one of the same.
        let (peers, widened) = if same.len() >= FEWEST_PEERS {
            (same, Widened::No)
        } else if same_size.len() >= FEWEST_PEERS {
            (same_size, Widened::Size)
        } else {
            ((0..classes.len()).collect(), Widened::Everybody)
        };
        groups.push(Peers { member, role: *role, size: *size, peers, widened });
    }
    groups
}

fn positions(classes: &[(Role, Size)], is_peer: impl Fn((Role, Size)) -> bool) -> Vec<usize> {
    (0..classes.len()).filter(|position| is_peer(classes[*position])).collect()
}

/// The beds of a member: of the network, else the latest that somebody entered.
fn beds_of(
    network: &Network,
    table: &IndicatorTable,
    position: usize,
    member: &Member,
) -> Option<f64> {
    let hospital = member.hospital.and_then(|hospital| network.hospital(hospital));
    if let Some(beds) = hospital.and_then(|hospital| hospital.beds) {
        return Some(f64::from(beds));
    }
    // Of one site first, as the network counts; all sites of an operator would make a larger class.
    let entered = table.find_indicator("largest_site_beds").or(table.find_indicator("beds"));
    let indicator = entered?;
    let mut latest = None;
    for entry in &table.entries {
        let is_its = entry.indicator == indicator && entry.member == position;
        if let (true, Figure::Value(beds)) = (is_its, entry.figure) {
            let is_later = latest.is_none_or(|(year, _)| entry.year > year);
            latest = if is_later { Some((entry.year, beds)) } else { latest };
        }
    }
    latest.map(|(_, beds)| beds)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alliance::indicators::{Entry, Indicator, Origin};
    use crate::alliance::{Direction, IndicatorKind};
    use crate::files::Folder;

    #[test]
    fn borders_of_sizes_are_inclusive_below() {
        let sizes =
            [0.0, 199.0, 200.0, 499.0, 500.0, 799.0, 800.0].map(|beds| Size::of(Some(beds)));
        assert_eq!(
            sizes,
            [
                Size::Below200,
                Size::Below200,
                Size::Below500,
                Size::Below500,
                Size::Below800,
                Size::Below800,
                Size::From800
            ]
        );
        assert_eq!(Size::of(None), Size::Unknown);
    }

    #[test]
    fn a_small_group_is_widened_to_its_size_then_to_everybody() {
        let network = Folder::leipzig().read().unwrap().network;
        let mut table = IndicatorTable::new(&network, "akg").unwrap();
        table.indicators.push(Indicator {
            key: "beds".into(),
            name: "Beds".into(),
            kind: IndicatorKind::Value,
            direction: Direction::Neutral,
            unit: "beds".into(),
            per: 1.0,
            reference: None,
            source: "s".into(),
            definition: "d".into(),
        });
        // Three outside with 600 beds, the others with none that are stated.
        for member in [2, 3, 4] {
            let (year, figure) = (2021, Figure::Value(600.0));
            table.entries.push(Entry {
                member,
                year,
                indicator: 0,
                figure,
                origin: Origin::Entered,
            });
        }
        let groups = peers(&network, &table);
        assert_eq!(groups.len(), 17);
        // St. Georg has 616 beds at Eutritzsch and a role of which the alliance has too few others.
        assert_eq!((groups[0].size, groups[0].widened), (Size::Below800, Widened::Size));
        assert!(groups[0].peers.starts_with(&[0]) && groups[0].peers.len() >= FEWEST_PEERS);
        assert_eq!((groups[5].role, groups[5].size), (Role::Unknown, Size::Unknown));
        assert_eq!(groups[5].widened, Widened::No, "twelve are as unknown as it is");
        for group in &groups {
            assert!(group.peers.contains(&group.member));
        }
    }
}
