//! What an assessment stands on: sites, what they offer, and who supplies whom.

use std::collections::BTreeSet;

use serde::Serialize;

use super::RulesError;
use super::group_set::{GroupSet, Rules, Supplied};
use super::sites::{ONE_SITE, Site, inpatient_sites};
use crate::model::{
    Answer, CareLevel, Catalog, Cooperation, CooperationId, Direction, Gaps, GroupOffer, GroupRef,
    HospitalId, INTENSIVE_CARE, IntensiveGrade, Network, Parties, SiteKind,
};
use crate::units::Metres;

/// Why a group may come from a partner (section 135e (4) no. 7 SGB V and the rights beside it).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[non_exhaustive]
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
///
/// ```
/// use std::collections::BTreeSet;
///
/// use verbund::files::Folder;
/// use verbund::rules::{Assessment, GroupSettings};
///
/// let network = Folder::leipzig().read()?.network;
/// let network = network.as_of(network.date());
/// let torgau = network.find("kkh-torgau").unwrap();
/// let met = |settings: &GroupSettings| {
///     let assessment = Assessment::new(&network, settings).unwrap();
///     assessment.site(torgau).unwrap().met().count()
/// };
/// // A right to meet every clause by cooperation takes no group away.
/// let indispensable = GroupSettings::default().indispensable(BTreeSet::from([torgau]));
/// assert!(met(&indispensable) >= met(&GroupSettings::default()));
/// # Ok::<(), verbund::problem::Problems>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
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
    /// Whether the data have every agreement, so that no site has another partner. False by default:
    /// agreements are not published, so it is unknown what a site could have by cooperation which no
    /// agreement of the data supplies, or which may meet every clause by cooperation (level F, 1i).
    pub agreements_are_complete: bool,
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
            agreements_are_complete: false,
            near: ONE_SITE,
        }
    }
}

impl GroupSettings {
    /// The same with hospitals that are indispensable for coverage.
    #[must_use]
    pub fn indispensable(self, indispensable: BTreeSet<HospitalId>) -> Self {
        Self { indispensable, ..self }
    }

    /// The same with cross-sector sites beside those of the network.
    #[must_use]
    pub fn cross_sector(self, cross_sector: BTreeSet<HospitalId>) -> Self {
        Self { cross_sector, ..self }
    }

    /// Says whether specialised hospitals count as level F.
    #[must_use]
    pub fn specialists_are_f(self, specialists_are_f: bool) -> Self {
        Self { specialists_are_f, ..self }
    }

    /// Says whether the groups of the stroke unit may come by telemedical cooperation.
    #[must_use]
    pub fn tele_stroke(self, tele_stroke: bool) -> Self {
        Self { tele_stroke, ..self }
    }

    /// Says whether the data have every agreement.
    #[must_use]
    pub fn agreements_are_complete(self, agreements_are_complete: bool) -> Self {
        Self { agreements_are_complete, ..self }
    }

    /// The same with another distance up to which a partner is a near one.
    #[must_use]
    pub fn near(self, near: Metres) -> Self {
        Self { near, ..self }
    }
}

impl GroupSettings {
    /// Whether a hospital is a cross-sector site: by these settings, or in the network.
    pub fn is_cross_sector(&self, network: &Network, id: HospitalId) -> bool {
        self.cross_sector.contains(&id) || network[id].kind == SiteKind::CrossSectorSite
    }

    /// Whether a site of several hospitals is one: all of those with inpatients are.
    pub(super) fn is_cross_sector_site(&self, network: &Network, hospitals: &[HospitalId]) -> bool {
        let mut has_inpatients = false;
        for &id in hospitals {
            if network[id].kind.has_inpatients() {
                has_inpatients = true;
                if !self.is_cross_sector(network, id) {
                    return false;
                }
            }
        }
        has_inpatients
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
    /// The cooperation of the network; `None` for one that does not exist.
    pub(super) cooperation: Option<CooperationId>,
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
    /// What each of them may offer beside that: the data do not say.
    pub(super) perhaps: Vec<GroupSet>,
    /// Of which sites the data do not say whether they offer a group, and what is not stated of them.
    pub(super) unknown_offers: Vec<UnknownOffer>,
    /// Groups that rest on something which no hospital of the data has.
    pub(super) nowhere: NowhereOffers,
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
        let mut frame = Self {
            network,
            settings: settings.clone(),
            rules: Rules::new(&catalog.service_groups),
            offered: Vec::with_capacity(sites.len()),
            perhaps: Vec::with_capacity(sites.len()),
            unknown_offers: Vec::new(),
            nowhere: NowhereOffers::default(),
            unknown: not_shown(catalog),
            links: links(network, &sites),
            sites,
        };
        for site in &frame.sites {
            let offers = Offers::of(network, site);
            frame.offered.push(offers.sure);
            frame.perhaps.push(offers.perhaps);
            frame.nowhere.add(&offers.nowhere);
            frame.unknown_offers.extend(offers.unknown);
        }
        frame.unknown_offers.sort_by_key(|offer| (offer.hospital, offer.group));
        Ok(frame)
    }

    /// Why a site may meet every clause by cooperation, whoever the partner is; `None` when only the table
    /// or the distance of a partner can permit it.
    pub(super) fn right(&self, site: usize) -> Option<Permission> {
        let site = &self.sites[site];
        // Section 135e (4) SGB V: levels F and 1i may have related groups by cooperation, and so may a site
        // without which an area would not be covered.
        let is_specialist = self.network[site.main].care_level == Some(CareLevel::Specialist);
        if self.settings.specialists_are_f && is_specialist {
            Some(Permission::LevelF)
        } else if self.settings.is_cross_sector_site(self.network, &site.hospitals) {
            Some(Permission::Level1i)
        } else if site.hospitals.iter().any(|id| self.settings.indispensable.contains(id)) {
            Some(Permission::Indispensable)
        } else {
            None
        }
    }

    /// Why everything may come by this link; `None` when only the table can permit it.
    pub(super) fn permission(&self, link: &Link) -> Option<Permission> {
        let (from, to) = (&self.sites[link.from], &self.sites[link.to]);
        // Section 135e (4) no. 7 (c) SGB V: from any hospital of the one site to any of the other.
        for receiver in &to.hospitals {
            let position = self.network[*receiver].position;
            for supplier in &from.hospitals {
                if position.distance_to(self.network[*supplier].position) <= self.settings.near {
                    return Some(Permission::Near);
                }
            }
        }
        self.right(link.to)
    }

    /// What a link brings when the supplier has these groups.
    pub(super) fn supply(&self, link: &Link, has: GroupSet) -> Supplied {
        let groups = has & link.covers;
        let none = GroupSet::default();
        // Without a right of the site the table alone says what may come from elsewhere (annex 1).
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

    /// The groups of which the data do not say whether the site of a main hospital offers them.
    pub(super) fn unknown_offers_of(
        &self,
        main: HospitalId,
    ) -> impl Iterator<Item = &UnknownOffer> {
        let first = self.unknown_offers.partition_point(|offer| offer.hospital < main);
        self.unknown_offers[first..].iter().take_while(move |offer| offer.hospital == main)
    }

    /// A site, and whomever it supplies, and whom they supply, and so on, rising: nobody else loses by
    /// what it has not.
    pub(super) fn supplied_by(&self, site: usize) -> Vec<usize> {
        let mut reached = vec![site];
        let mut seen = BTreeSet::from([site]);
        let mut next = 0;
        while let Some(&from) = reached.get(next) {
            next += 1;
            for link in &self.links {
                if link.from == from && seen.insert(link.to) {
                    reached.push(link.to);
                }
            }
        }
        reached.sort_unstable();
        reached
    }

    /// The groups that each site has: the greatest sets that hold each other up, within sites and
    /// over all agreements.
    pub(super) fn met(&self, offered: &[GroupSet]) -> Vec<GroupSet> {
        let mut met = offered.to_vec();
        let every: Vec<usize> = (0..self.sites.len()).collect();
        self.settle(&mut met, &every, &[]);
        met
    }

    /// The groups that each site would have if all were there that the data do not say: groups that it may
    /// offer, and agreements of sites of which the data have none.
    pub(super) fn hoped(&self) -> Vec<GroupSet> {
        let mut hoped: Vec<GroupSet> = Vec::with_capacity(self.sites.len());
        for (sure, perhaps) in self.offered.iter().zip(&self.perhaps) {
            hoped.push(*sure | *perhaps | self.unknown);
        }
        let every: Vec<usize> = (0..self.sites.len()).collect();
        self.settle_beside(&mut hoped, &every, &[], &|site| self.hoped_supply(site));
        hoped
    }

    /// What a site may be supplied with by agreements of which the data know nothing.
    pub(super) fn hoped_supply(&self, site: usize) -> Supplied {
        if self.are_agreements_known(site) {
            return Supplied::default();
        }
        Supplied::everything(self.right(site).is_some())
    }

    /// Whether the agreements that supply a site are known: the data have all there are, or one, and the site
    /// is none that may rest on partners for everything.
    pub(super) fn are_agreements_known(&self, site: usize) -> bool {
        // Agreements are not published: one that is known says that somebody looked, none says nothing.
        let has_some = !self.links_to(site).is_empty();
        self.settings.agreements_are_complete || (has_some && self.right(site).is_none())
    }

    /// Takes away what some sites cannot have, until all that they have holds each other up, with links that
    /// are added; what other sites have stays.
    pub(super) fn settle(&self, met: &mut [GroupSet], sites: &[usize], added: &[Link]) {
        self.settle_beside(met, sites, added, &|_| Supplied::default());
    }

    /// What [`Self::settle`] does where each site is supplied with something beside.
    fn settle_beside(
        &self,
        met: &mut [GroupSet],
        sites: &[usize],
        added: &[Link],
        beside: &dyn Fn(usize) -> Supplied,
    ) {
        // Agreements go in circles, too: a site that loses a group may take it from those it supplies,
        // until nothing falls any more.
        loop {
            let mut is_stable = true;
            for &site in sites {
                if met[site].is_empty() {
                    continue;
                }
                let mut supplied = beside(site);
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

/// A group of which the data do not say whether a site offers it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct UnknownOffer {
    /// Main hospital of the site.
    pub hospital: HospitalId,
    /// The group.
    pub group: GroupRef,
    /// What is not stated, in words: `grade of trauma centre`.
    pub unknown: Vec<String>,
}

/// Groups of which nobody can say who offers them, because no hospital of the data has something.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct NowhereOffers {
    /// What no hospital has, in words: `urology`.
    pub kinds: BTreeSet<String>,
    /// The groups that rest on it at some site.
    pub groups: BTreeSet<GroupRef>,
}

impl NowhereOffers {
    fn add(&mut self, more: &Self) {
        self.kinds.extend(more.kinds.iter().cloned());
        self.groups.extend(&more.groups);
    }
}

/// What a site offers, by the assumptions of the catalog.
struct Offers {
    sure: GroupSet,
    perhaps: GroupSet,
    unknown: Vec<UnknownOffer>,
    nowhere: NowhereOffers,
}

impl Offers {
    fn of(network: &Network, site: &Site) -> Self {
        // By what the hospitals of the site have together (section 2a KHG): none of them needs all of it.
        let whole = site.whole(network);
        let mut met: Vec<&GroupOffer> = Vec::new();
        let mut doubted: Vec<(&GroupOffer, Gaps)> = Vec::new();
        for offer in &network.catalog().group_assumptions.offers {
            let Some(requirement) = &offer.offered_by else { continue };
            match network.answer(requirement, &whole) {
                Answer::Meets => met.push(offer),
                Answer::Unknown => doubted.push((offer, network.judge(requirement, &whole))),
                Answer::DoesNot => {}
            }
        }
        // Some groups stand for less than others: the smaller one is not offered beside the greater.
        let numbers: Vec<u8> = met.iter().map(|offer| offer.group.number).collect();
        let is_beside = |offer: &GroupOffer| !offer.unless.iter().any(|n| numbers.contains(n));
        let mut offers = Self {
            sure: GroupSet::default(),
            perhaps: GroupSet::default(),
            unknown: Vec::new(),
            nowhere: NowhereOffers::default(),
        };
        for offer in &met {
            if is_beside(offer) {
                offers.sure.insert(offer.group);
            }
        }
        for (offer, gaps) in doubted {
            if !is_beside(offer) {
                continue;
            }
            let (hospital, group) = (site.main, offer.group);
            offers.perhaps.insert(group);
            // What no hospital of the data has is told once for all sites, not site by site.
            if !gaps.nowhere.is_empty() {
                offers.nowhere.kinds.extend(gaps.nowhere);
                offers.nowhere.groups.insert(group);
            }
            if !gaps.unknown.is_empty() {
                offers.unknown.push(UnknownOffer { hospital, group, unknown: gaps.unknown });
            }
        }
        offers
    }
}

/// Groups of which nothing in the data can show who offers them.
fn not_shown(catalog: &Catalog) -> GroupSet {
    let mut shown: BTreeSet<u8> = BTreeSet::new();
    for offer in &catalog.group_assumptions.offers {
        if offer.offered_by.is_some() {
            shown.insert(offer.group.number);
        }
    }
    let mut unknown = GroupSet::default();
    for group in &catalog.service_groups.groups {
        if !shown.contains(&group.number) {
            unknown.insert(GroupRef::plain(group.number));
        }
    }
    unknown
}

/// The groups that a cooperation covers, by its fields.
fn covered(catalog: &Catalog, cooperation: &Cooperation) -> GroupSet {
    covered_by(catalog, &|field| cooperation.covers(field))
}

/// The groups that are covered by fields of which this holds.
pub(super) fn covered_by(catalog: &Catalog, covers: &dyn Fn(&str) -> bool) -> GroupSet {
    let mut set = GroupSet::default();
    for offer in &catalog.group_assumptions.offers {
        if offer.fields.iter().any(|field| covers(field)) {
            set.insert(offer.group);
            // An agreement names no grades: it covers the highest that the partner has.
            if offer.group == GroupRef::plain(INTENSIVE_CARE) {
                let grade = Some(IntensiveGrade::HighlyComplex);
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
    for (id, cooperation) in network.cooperation_ids().zip(network.cooperations()) {
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
                let cooperation = Some(id);
                links.push(Link { from, to, covers, is_telemedical, cooperation });
            }
        };
        match &cooperation.parties {
            Parties::Mutual(partners) => {
                for supplier in partners {
                    for receiver in partners {
                        add(supplier, receiver);
                    }
                }
            }
            // Whoever takes patients over supplies the one that hands them on.
            Parties::Directed { from, to } if cooperation.kind.name() == "Transfer" => {
                for receiver in to {
                    add(receiver, from);
                }
            }
            Parties::Directed { from, to } => {
                debug_assert!(cooperation.kind.direction() != Direction::Mutual);
                for site in to {
                    add(from, site);
                }
            }
        }
    }
    links.retain(|link| !link.covers.is_empty());
    links.sort_by_key(|link| (link.to, link.cooperation, link.from));
    links.dedup_by_key(|link| (link.to, link.cooperation, link.from));
    links
}
