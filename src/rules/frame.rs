//! What an assessment stands on: sites, what they offer, and who supplies whom.

use std::collections::BTreeSet;

use super::RulesError;
use super::group_set::{GroupSet, Rules, Supplied};
use super::sites::{ONE_SITE, Site, inpatient_sites};
use crate::model::{
    CareLevel, Catalog, Cooperation, Direction, GroupRef, Hospital, HospitalId, Network, Parties,
    SiteKind,
};
use crate::units::Metres;

/// Why a group may come from a partner (section 135e (4) no. 7 SGB V and the rights beside it).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Permission {
    /// (a) Annex 1 names it among those that may come by cooperation.
    Table,
    /// (c) The partner is in the same building or within 2,000 m.
    Near,
    /// The site is a specialised hospital of level F: related groups by cooperation.
    LevelF,
    /// The site is a cross-sector site of level 1i: related groups by cooperation.
    Level1i,
    /// (b) Somebody judged the site to be indispensable for coverage.
    Indispensable,
    /// Annex 1, group 54: in justified cases by telemedical cooperation.
    TeleStroke,
}

/// How the law is read where it leaves a choice or a judgement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupSettings {
    /// Hospitals that somebody judged to be indispensable for coverage (way b of section 135e (4) no. 7
    /// SGB V): they may meet every clause by cooperation. None by default: a judgement, not a figure.
    pub indispensable: BTreeSet<HospitalId>,
    /// Hospitals that the state made cross-sector sites (level 1i), beside those of this kind in the
    /// network: related groups by cooperation.
    pub cross_sector: BTreeSet<HospitalId>,
    /// Whether hospitals of the care level [`CareLevel::Specialist`] count as level F, whose related
    /// groups may come by cooperation. True by default; that the state assigned F to them is assumed.
    pub specialists_are_f: bool,
    /// Whether the related groups of the stroke unit (54) may come by telemedical cooperation, which
    /// annex 1 allows in justified cases. False by default.
    pub tele_stroke: bool,
    /// The distance up to which a partner is a near one and buildings are one site, inclusive.
    pub near: Metres,
}

impl Default for GroupSettings {
    fn default() -> Self {
        Self {
            indispensable: BTreeSet::new(),
            cross_sector: BTreeSet::new(),
            specialists_are_f: true,
            tele_stroke: false,
            near: ONE_SITE,
        }
    }
}

impl GroupSettings {
    /// Whether a hospital is a cross-sector site: by these settings, or in the network.
    pub fn is_cross_sector(&self, network: &Network, id: HospitalId) -> bool {
        self.cross_sector.contains(&id) || network[id].kind == SiteKind::CrossSectorSite
    }

    /// Whether a site of several hospitals is one: all of those with inpatients are.
    pub(super) fn is_cross_sector_site(&self, network: &Network, hospitals: &[HospitalId]) -> bool {
        let mut inpatient =
            hospitals.iter().filter(|id| network[**id].kind.has_inpatients()).peekable();
        inpatient.peek().is_some() && inpatient.all(|id| self.is_cross_sector(network, *id))
    }
}

/// An agreement by which one site supplies another.
#[derive(Debug, Clone, Copy)]
pub(super) struct Link {
    /// Position of the site that supplies.
    pub(super) from: usize,
    /// Position of the site that is supplied.
    pub(super) to: usize,
    /// The groups that it covers.
    pub(super) covers: GroupSet,
    /// Whether it is telemedical.
    pub(super) is_telemedical: bool,
    /// Position in [`Network::cooperations`]; `None` for one that does not exist.
    pub(super) cooperation: Option<usize>,
}

/// Everything that an assessment reads, made once.
#[derive(Debug, Clone)]
pub(super) struct Frame<'n> {
    pub(super) network: &'n Network,
    pub(super) settings: GroupSettings,
    pub(super) rules: Rules,
    /// Sites with inpatients.
    pub(super) sites: Vec<Site>,
    /// What each of them is taken to offer.
    pub(super) offered: Vec<GroupSet>,
    /// Groups that nothing in the data can show.
    pub(super) unknown: GroupSet,
    /// By the site that is supplied, then by cooperation and supplier.
    pub(super) links: Vec<Link>,
}

impl<'n> Frame<'n> {
    pub(super) fn new(network: &'n Network, settings: &GroupSettings) -> Result<Self, RulesError> {
        let catalog = network.catalog();
        if catalog.service_groups.groups.is_empty() {
            return Err(RulesError::NoServiceGroups);
        }
        let sites = inpatient_sites(network, settings.near);
        let offered = sites.iter().map(|site| offered(catalog, &site.whole(network))).collect();
        let known: BTreeSet<u8> = catalog
            .group_assumptions
            .offers
            .iter()
            .filter(|offer| offer.offered_by.is_some())
            .map(|offer| offer.group.number)
            .collect();
        let mut unknown = GroupSet::default();
        for group in &catalog.service_groups.groups {
            if !known.contains(&group.number) {
                unknown.insert(GroupRef::plain(group.number));
            }
        }
        let links = links(network, &sites);
        Ok(Self {
            network,
            settings: settings.clone(),
            rules: Rules::new(&catalog.service_groups),
            sites,
            offered,
            unknown,
            links,
        })
    }

    /// Why everything may come by this link; `None` when only the table can permit it.
    pub(super) fn permission(&self, link: &Link) -> Option<Permission> {
        let (from, to) = (&self.sites[link.from], &self.sites[link.to]);
        let position = |id: &HospitalId| self.network[*id].position;
        let near = to.hospitals.iter().any(|own| {
            let distance = |other| position(own).distance_to(position(other));
            from.hospitals.iter().any(|other| distance(other) <= self.settings.near)
        });
        let is_specialist = self.network[to.main].care_level == Some(CareLevel::Specialist);
        if near {
            Some(Permission::Near)
        } else if self.settings.specialists_are_f && is_specialist {
            Some(Permission::LevelF)
        } else if self.settings.is_cross_sector_site(self.network, &to.hospitals) {
            Some(Permission::Level1i)
        } else if to.hospitals.iter().any(|id| self.settings.indispensable.contains(id)) {
            Some(Permission::Indispensable)
        } else {
            None
        }
    }

    /// What a link brings when the supplier has these groups.
    pub(super) fn supply(&self, link: &Link, has: GroupSet) -> Supplied {
        let groups = has & link.covers;
        let none = GroupSet::default();
        let anywhere = if self.permission(link).is_some() { groups } else { none };
        let stroke = if self.settings.tele_stroke && link.is_telemedical { groups } else { none };
        Supplied { by_table: groups, anywhere, stroke }
    }

    /// The links that supply a site.
    pub(super) fn links_to(&self, site: usize) -> &[Link] {
        let first = self.links.partition_point(|link| link.to < site);
        let count = self.links[first..].partition_point(|link| link.to == site);
        &self.links[first..first + count]
    }

    /// The groups that each site has: the greatest sets that hold each other up, within sites and
    /// over all agreements.
    pub(super) fn met(&self, offered: &[GroupSet]) -> Vec<GroupSet> {
        let mut met = offered.to_vec();
        let all: Vec<usize> = (0..self.sites.len()).collect();
        self.settle(&mut met, &all, &[]);
        met
    }

    /// Takes away what some sites cannot have, until all that they have holds each other up, with links that
    /// are added; what other sites have stays.
    pub(super) fn settle(&self, met: &mut [GroupSet], sites: &[usize], added: &[Link]) {
        loop {
            let mut is_stable = true;
            for &site in sites {
                if met[site].is_empty() {
                    continue;
                }
                let mut supplied = Supplied::default();
                let more = added.iter().filter(|link| link.to == site);
                for link in self.links_to(site).iter().chain(more) {
                    supplied.add(self.supply(link, met[link.from]));
                }
                let now = self.rules.met(met[site], supplied);
                is_stable &= now == met[site];
                met[site] = now;
            }
            if is_stable {
                return;
            }
        }
    }
}

fn offered(catalog: &Catalog, hospital: &Hospital) -> GroupSet {
    let offers = &catalog.group_assumptions.offers;
    let does = |requirement: &crate::model::Requirement| requirement.is_met_by(hospital, catalog);
    let offering: Vec<_> =
        offers.iter().filter(|offer| offer.offered_by.as_ref().is_some_and(does)).collect();
    let mut set = GroupSet::default();
    for offer in &offering {
        let mut others = offering.iter().filter(|other| offer.unless.contains(&other.group.number));
        if others.next().is_none() {
            set.insert(offer.group);
        }
    }
    set
}

/// The groups that a cooperation covers, by its fields.
fn covered(catalog: &Catalog, cooperation: &Cooperation) -> GroupSet {
    let mut set = GroupSet::default();
    for offer in &catalog.group_assumptions.offers {
        if offer.fields.iter().any(|field| cooperation.covers(field)) {
            set.insert(offer.group);
            if offer.group == GroupRef::plain(crate::model::INTENSIVE_CARE) {
                let grade = Some(crate::model::IntensiveGrade::HighlyComplex);
                set.insert(GroupRef { grade, ..offer.group });
            }
        }
    }
    set
}

fn links(network: &Network, sites: &[Site]) -> Vec<Link> {
    let catalog = network.catalog();
    let kinds = &catalog.group_assumptions.agreements;
    let mut links = Vec::new();
    for (index, cooperation) in network.cooperations().iter().enumerate() {
        if !kinds.iter().any(|kind| kind == cooperation.kind.name()) {
            continue;
        }
        let covers = covered(catalog, cooperation);
        let position = |key: &String| {
            let id = network.find(key)?;
            sites.iter().position(|site| site.hospitals.contains(&id))
        };
        let is_telemedical = cooperation.kind.name() == "Telemedicine";
        let mut add = |from: &String, to: &String| {
            if let (Some(from), Some(to)) = (position(from), position(to))
                && from != to
            {
                let cooperation = Some(index);
                links.push(Link { from, to, covers, is_telemedical, cooperation });
            }
        };
        match &cooperation.parties {
            Parties::Mutual(partners) => {
                partners.iter().for_each(|a| partners.iter().for_each(|b| add(a, b)));
            }
            // Who takes patients over supplies the one that hands them on.
            Parties::Directed { from, to } if cooperation.kind.name() == "Transfer" => {
                to.iter().for_each(|receiver| add(receiver, from));
            }
            Parties::Directed { from, to } => {
                debug_assert!(cooperation.kind.direction() != Direction::Mutual);
                to.iter().for_each(|site| add(from, site));
            }
        }
    }
    links.retain(|link| !link.covers.is_empty());
    links.sort_by_key(|link| (link.to, link.cooperation, link.from));
    links.dedup_by_key(|link| (link.to, link.cooperation, link.from));
    links
}
