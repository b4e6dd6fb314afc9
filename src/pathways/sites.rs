//! Who can do which stage, hour by hour: the static networks on which routes are found.

use std::collections::BTreeMap;

use fixedbitset::FixedBitSet;

use super::PathwayError;
use crate::model::{
    Alert, Cooperation, CooperationKind, HourOfWeek, Hours, Means, Network, Parties, Pathway,
    Requirement, Way,
};
use crate::region::{HELIPAD, Region};
use crate::units::Seconds;

/// A directed link that a cooperation makes, with what it means for one pathway.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Link {
    /// Position in the network's cooperations, then in the ones that were added.
    pub(super) cooperation: u32,
    /// Expert, centre or sender.
    pub(super) from: u32,
    /// Site or receiver.
    pub(super) to: u32,
    /// What it serves.
    pub(super) role: Role,
}

/// What a link serves in a pathway.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Handing patients on after this time.
    Transfer { door_in_door_out: u32 },
    /// A way of a stage, with its term in seconds.
    Way { stage: u8, way: u8, term: u32 },
}

/// Where the team of a way starts its clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AlertAt {
    /// The patient's arrival for the stage.
    Arrival,
    /// A variable: 0 is the call, `n` the end of the n-th stage.
    Variable(u8),
}

/// Who can do what in hours that are alike.
#[derive(Debug, Clone)]
pub(super) struct Sites {
    /// By stage and way: hospitals that meet what must be on site.
    pub(super) on_site: Vec<Vec<FixedBitSet>>,
    /// By stage and way: hospitals that meet the remote parts; empty for `OnSite`.
    pub(super) remote: Vec<Vec<FixedBitSet>>,
    /// Links that are open and whose partner meets its part.
    pub(super) links: Vec<Link>,
    /// Hospitals with an open helipad; none where nothing flies in these hours.
    pub(super) helipads: FixedBitSet,
}

/// A pathway set up on a region: the static network of each class of hours.
#[derive(Debug, Clone)]
pub struct Prepared<'r> {
    pub(super) region: &'r Region,
    pub(super) pathway: &'r Pathway,
    /// Cooperations of the network, then those that were added.
    pub(super) cooperations: Vec<&'r Cooperation>,
    /// The networks of hours that differ.
    pub(super) classes: Vec<Sites>,
    /// The class of each hour of the week.
    pub(super) class_of: Vec<u8>,
    /// By stage and way: when its team is alerted.
    pub(super) alerts: Vec<Vec<AlertAt>>,
}

impl<'r> Prepared<'r> {
    /// Sets a pathway up on a region, with cooperations in addition to the region's own. An added
    /// one is at work whatever its status and dates are: that is what adding it asks for.
    ///
    /// Hours of the week in which the same departments, facilities, cooperations and helicopters
    /// are open share one network.
    ///
    /// # Errors
    ///
    /// When some stage can be met by nobody in any hour, or no hospital of an added cooperation
    /// exists: everything that is wrong at once.
    pub fn new(
        region: &'r Region,
        pathway: &'r Pathway,
        added: &'r [Cooperation],
    ) -> Result<Self, PathwayError> {
        let prepared = Self::even_if_unmet(region, pathway, added)?;
        let unmet = prepared.unmet();
        if unmet.is_empty() {
            return Ok(prepared);
        }
        Err(prepared.unmet_error(unmet))
    }

    /// The keys of the stages that nobody can meet in any hour.
    pub fn unmet(&self) -> Vec<String> {
        let stages = self.pathway.stages.iter().enumerate();
        let unmet = stages.filter(|(at, stage)| {
            !self.classes.iter().any(|sites| sites.can_be_met(*at, &stage.ways))
        });
        unmet.map(|(_, stage)| stage.key.clone()).collect()
    }

    /// The same where some stage may be one that nobody can meet: it has no way then.
    ///
    /// # Errors
    ///
    /// When no hospital of an added cooperation exists.
    pub fn even_if_unmet(
        region: &'r Region,
        pathway: &'r Pathway,
        added: &'r [Cooperation],
    ) -> Result<Self, PathwayError> {
        let network = region.network();
        let unknown: Vec<String> = added
            .iter()
            .flat_map(|one| one.parties.keys())
            .filter(|key| network.find(key).is_none())
            .map(str::to_owned)
            .collect();
        if !unknown.is_empty() {
            return Err(PathwayError::UnknownHospitals { keys: unknown });
        }
        let cooperations: Vec<&Cooperation> = network.cooperations().iter().chain(added).collect();
        let (class_of, hours) = classes(network, pathway, &cooperations);
        let links = links(network, pathway, &cooperations);
        let classes: Vec<Sites> = hours
            .into_iter()
            .map(|hour| Sites::of(network, pathway, &cooperations, &links, hour))
            .collect();
        let alerts = pathway.stages.iter().enumerate().map(|(index, stage)| {
            stage.ways.iter().map(|way| alert_of(pathway, index, way)).collect()
        });
        let alerts = alerts.collect();
        Ok(Self { region, pathway, cooperations, classes, class_of, alerts })
    }

    /// The pathway.
    pub fn pathway(&self) -> &'r Pathway {
        self.pathway
    }

    /// The region.
    pub fn region(&self) -> &'r Region {
        self.region
    }

    /// The cooperations of the network, in its order, then those that were added.
    pub fn cooperations(&self) -> &[&'r Cooperation] {
        &self.cooperations
    }

    /// How many different networks the hours of the week have.
    pub fn classes(&self) -> usize {
        self.classes.len()
    }

    /// The cooperations that can serve this pathway in some hour, as positions in
    /// [`Self::cooperations`]: none that any route uses is missing, but some may be out of reach.
    pub fn relevant(&self) -> Vec<usize> {
        let links = self.classes.iter().flat_map(|sites| &sites.links);
        let mut found: Vec<usize> = links.map(|link| link.cooperation as usize).collect();
        found.sort_unstable();
        found.dedup();
        found
    }
}

fn alert_of(pathway: &Pathway, index: usize, way: &Way) -> AlertAt {
    match way {
        Way::VisitingTeam { alert: Some(Alert::Call), .. } => AlertAt::Variable(0),
        Way::VisitingTeam { alert: Some(Alert::Stage(key)), .. } => {
            let stage = pathway.stage(key).expect("checked: the alert names an earlier stage");
            AlertAt::Variable(stage as u8 + 1)
        }
        Way::VisitingTeam { alert: None, .. } if index > 0 => AlertAt::Variable(index as u8),
        _ => AlertAt::Arrival,
    }
}

/// The classes of hours: the class of each hour, and an hour of each class.
fn classes(
    network: &Network,
    pathway: &Pathway,
    cooperations: &[&Cooperation],
) -> (Vec<u8>, Vec<HourOfWeek>) {
    let leaves: Vec<&Requirement> =
        pathway.stages.iter().flat_map(|stage| stage.requirement.leaves()).collect();
    let flies = pathway.first_leg.contains(&Means::Helicopter);
    let mut hours: Vec<Hours> = Vec::new();
    let mut note = |one: &Hours| {
        if !one.is_always() && !hours.contains(one) {
            hours.push(*one);
        }
    };
    for hospital in network.hospitals() {
        for one in &hospital.departments {
            let asked = |leaf: &&Requirement| matches!(leaf, Requirement::Specialty(key) if *key == one.specialty);
            if leaves.iter().any(asked) {
                note(&one.hours);
            }
        }
        for one in &hospital.facilities {
            let asked = |leaf: &&Requirement| matches!(leaf, Requirement::Facility { kind, .. } if *kind == one.kind);
            if leaves.iter().any(asked) || (flies && one.kind == HELIPAD) {
                note(&one.hours);
            }
        }
    }
    cooperations.iter().filter(|one| serves(pathway, one)).for_each(|one| note(&one.hours));
    if flies {
        note(&network.catalog().first_leg.helicopter.hours);
    }
    let mut known: BTreeMap<Vec<bool>, u8> = BTreeMap::new();
    let mut first = Vec::new();
    let mut class_of = Vec::with_capacity(168);
    for hour in HourOfWeek::all() {
        let open: Vec<bool> = hours.iter().map(|one| one.is_open_in(hour)).collect();
        let class = *known.entry(open).or_insert_with(|| {
            first.push(hour);
            first.len() as u8 - 1
        });
        class_of.push(class);
    }
    (class_of, first)
}

/// Whether a cooperation is of a kind and field that some stage or transfer of the pathway uses.
fn serves(pathway: &Pathway, cooperation: &Cooperation) -> bool {
    let covers = |fields: Vec<&str>| fields.iter().all(|field| cooperation.covers(field));
    let mut ways = pathway.stages.iter().flat_map(|stage| &stage.ways);
    match cooperation.kind {
        CooperationKind::Transfer { .. } => {
            pathway.transfer.fields.iter().any(|field| cooperation.covers(field))
        }
        _ => ways.any(|way| way.name() == cooperation.kind.name() && covers(way.fields())),
    }
}

/// Every link that a cooperation makes for a pathway, open or not.
fn links(network: &Network, pathway: &Pathway, cooperations: &[&Cooperation]) -> Vec<Link> {
    let mut links = Vec::new();
    for (index, one) in cooperations.iter().enumerate() {
        let Parties::Directed { from, to } = &one.parties else { continue };
        if !serves(pathway, one) {
            continue;
        }
        let Some(from) = network.find(from) else { continue };
        for to in to.iter().filter_map(|key| network.find(key)) {
            let mut link = |role: Role| {
                let (from, to) = (from.index() as u32, to.index() as u32);
                links.push(Link { cooperation: index as u32, from, to, role });
            };
            if let CooperationKind::Transfer { door_in_door_out, .. } = one.kind {
                let usual = pathway.transfer.door_in_door_out;
                link(Role::Transfer { door_in_door_out: door_in_door_out.unwrap_or(usual).0 });
                continue;
            }
            for (stage, ways) in pathway.stages.iter().map(|stage| &stage.ways).enumerate() {
                for (at, way) in ways.iter().enumerate() {
                    let term = term(&one.kind, way);
                    let covers = way.fields().iter().all(|field| one.covers(field));
                    if let Some(term) = term.filter(|_| covers) {
                        let term = term.0;
                        link(Role::Way { stage: stage as u8, way: at as u8, term });
                    }
                }
            }
        }
    }
    links
}

/// The term of a way over a cooperation: its own, or the way's default; `None` when the
/// cooperation is of another kind.
pub(super) fn term(kind: &CooperationKind, way: &Way) -> Option<Seconds> {
    match (kind, way) {
        (
            CooperationKind::Telemedicine { consult: own },
            Way::Telemedicine { consult: usual, .. },
        )
        | (
            CooperationKind::VisitingTeam { call_out: own },
            Way::VisitingTeam { call_out: usual, .. },
        )
        | (
            CooperationKind::CentralService { turnaround: own },
            Way::CentralService { turnaround: usual, .. },
        ) => Some(own.unwrap_or(*usual)),
        _ => None,
    }
}

impl Sites {
    fn of(
        network: &Network,
        pathway: &Pathway,
        cooperations: &[&Cooperation],
        links: &[Link],
        hour: HourOfWeek,
    ) -> Self {
        let catalog = network.catalog();
        let mut sites = Self {
            on_site: Vec::new(),
            remote: Vec::new(),
            links: Vec::new(),
            helipads: FixedBitSet::with_capacity(network.hospitals().len()),
        };
        for stage in &pathway.stages {
            let (mut on_site, mut remote) = (Vec::new(), Vec::new());
            for way in &stage.ways {
                let parts = way.remote();
                let own = if parts.is_empty() {
                    Some(stage.requirement.clone())
                } else {
                    stage.on_site(parts)
                };
                let own = own.unwrap_or(Requirement::Any(Vec::new())); // checked: never
                on_site.push(meeting(network, &own, hour));
                remote.push(if parts.is_empty() {
                    FixedBitSet::with_capacity(network.hospitals().len())
                } else {
                    meeting(network, &Requirement::All(parts.to_vec()), hour)
                });
            }
            sites.on_site.push(on_site);
            sites.remote.push(remote);
        }
        let is_open = |link: &&Link| {
            cooperations[link.cooperation as usize].hours.is_open_in(hour)
                && match link.role {
                    Role::Transfer { .. } => true,
                    Role::Way { stage, way, .. } => {
                        let (stage, way) = (usize::from(stage), usize::from(way));
                        sites.remote[stage][way].contains(link.from as usize)
                            && sites.on_site[stage][way].contains(link.to as usize)
                    }
                }
        };
        sites.links = links.iter().filter(is_open).cloned().collect();
        let flies = pathway.first_leg.contains(&Means::Helicopter)
            && catalog.first_leg.helicopter.hours.is_open_in(hour);
        if flies {
            let pad = Requirement::Facility { kind: HELIPAD.to_owned(), at_least: None };
            sites.helipads = meeting(network, &pad, hour);
        }
        sites
    }

    /// Whether any hospital can do a stage, by whatever of these ways.
    fn can_be_met(&self, stage: usize, ways: &[Way]) -> bool {
        let alone = ways.iter().zip(&self.on_site[stage]);
        let mut alone = alone.filter(|(way, _)| matches!(way, Way::OnSite));
        let serves = |link: &Link| matches!(link.role, Role::Way { stage: at, .. } if usize::from(at) == stage);
        alone.any(|(_, set)| !set.is_clear()) || self.links.iter().any(serves)
    }
}

/// The hospitals that meet a requirement in an hour.
fn meeting(network: &Network, requirement: &Requirement, hour: HourOfWeek) -> FixedBitSet {
    let mut set = FixedBitSet::with_capacity(network.hospitals().len());
    for (id, hospital) in network.iter() {
        set.set(id.index(), requirement.is_met_in(hour, hospital, network.catalog()));
    }
    set
}
