//! Supplements for hospitals that a region cannot do without (Sicherstellungszuschläge).

use serde::Serialize;

use super::RulesError;
use super::sites::{ONE_SITE, Site, inpatient_sites, mains, site_of};
use crate::calendar::Hours;
use crate::coverage::{Band, HospitalSet, PartTime};
use crate::model::{
    Answer, Ends, Gaps, HospitalId, Network, OverBand, Provision, Requirement, UnknownSite,
};
use crate::region::Region;
use crate::units::Seconds;

/// Which cells of a hospital count as affected when the second nearest site is too far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Affected {
    /// Those that the hospital itself serves within the limit: people who fall out additionally.
    /// That the rules mean this by "zusätzlich" is a reading nobody confirmed.
    #[default]
    Additional,
    /// All of its cells, those already beyond the limit included.
    AllBeyond,
}

/// How the rule is read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct SupplementSettings {
    /// Which cells count.
    pub affected: Affected,
    /// Longest drive of the service area of the density test; `None` for the provision's limit.
    pub service_area: Option<Seconds>,
    /// Leave people outside of the region out. State borders are no borders for the rule, so they
    /// count unless this is set, as far as their places are in the data.
    pub only_inside: bool,
}

impl SupplementSettings {
    /// The same with other cells that count as affected.
    #[must_use]
    pub fn affected(self, affected: Affected) -> Self {
        Self { affected, ..self }
    }

    /// The same with another longest drive of the service area; `None` for the provision's limit.
    #[must_use]
    pub fn service_area(self, longest: impl Into<Option<Seconds>>) -> Self {
        Self { service_area: longest.into(), ..self }
    }

    /// Says whether people outside of the region are left out.
    #[must_use]
    pub fn only_inside(self, only_inside: bool) -> Self {
        Self { only_inside, ..self }
    }
}

/// What the two tests together say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum SupplementVerdict {
    /// Neither holds.
    Neither,
    /// Demand is low, but enough people have another site.
    LowDemand,
    /// Coverage is endangered, but demand is not low.
    Endangered,
    /// Both hold: what the rule asks of the region is met.
    Both,
}

/// A site under one provision.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct SupplementTest {
    /// The hospital, a suitable site; the main one where several count as one site.
    pub hospital: HospitalId,
    /// All hospitals of the site, by key.
    pub hospitals: Vec<HospitalId>,
    /// People of the group in the cells whose nearest suitable site it is.
    pub people_nearest: u64,
    /// Those of them who count as affected.
    pub affected: u64,
    /// Those who are affected whichever of the sites are suitable of which the data do not say it
    /// ([`Supplement::unknown`]): at most [`Self::affected`].
    pub affected_at_least: u64,
    /// The affected at both ends of the band of the travel times; `None` where the travel model states no margin.
    pub affected_band: Option<Band>,
    /// What both tests together say at both ends; `None` without a band.
    pub verdict_band: Option<Ends<SupplementVerdict>>,
    /// Whether both tests together say the same over the band; `None` without one.
    pub over_band: Option<OverBand>,
    /// Of the affected, those who live outside of the region.
    pub affected_outside: u64,
    /// Mean time in seconds from the affected to their second nearest site, over those who have one.
    pub second_seconds: Option<f64>,
    /// Affected people without any second site within the region's cut-off.
    pub without_second: u64,
    /// The affected less the threshold: 0 or more when coverage is endangered.
    pub margin: i64,
    /// People of the group in the service area.
    pub people_in_area: u64,
    /// Square kilometres of the service area: every cell counts with its share of its place.
    pub area_km2: f64,
    /// People per square kilometre in the service area; `None` where no place has an area.
    pub density: Option<f64>,
    /// Whether coverage would be endangered: affected people at the threshold or above.
    pub is_endangered: bool,
    /// Whether demand is low: density below the threshold. `false` without a density.
    pub is_low_demand: bool,
}

impl SupplementTest {
    /// Whether coverage is endangered: unknown where it hangs on sites of which the data do not say whether they are
    /// suitable. They can only bring the number of the affected down.
    pub fn endangered(&self) -> Answer {
        // Sites of which nobody knows can only take people away from the affected.
        let margin_at_least = self.margin - (self.affected - self.affected_at_least).cast_signed();
        match (self.is_endangered, margin_at_least >= 0) {
            (false, _) => Answer::DoesNot,
            (true, true) => Answer::Meets,
            (true, false) => Answer::Unknown,
        }
    }

    /// Notes what the tests at the quick and at the slow end say.
    fn hold_over(&mut self, ends: &Ends<Self>) {
        let said = |test: &Self| (test.answer(), test.verdict());
        self.affected_band = Some(Band::new(ends.quick.affected, ends.slow.affected));
        self.verdict_band = Some(ends.map(Self::verdict));
        self.over_band = Some(OverBand::over(&said(self), &ends.map(said)));
    }

    /// Both tests together.
    pub fn verdict(&self) -> SupplementVerdict {
        match (self.is_endangered, self.is_low_demand) {
            (false, false) => SupplementVerdict::Neither,
            (false, true) => SupplementVerdict::LowDemand,
            (true, false) => SupplementVerdict::Endangered,
            (true, true) => SupplementVerdict::Both,
        }
    }

    /// Whether both hold: unknown where coverage may be endangered ([`Self::endangered`]), and where it is and no
    /// place has an area, so that nobody can tell the density.
    pub fn answer(&self) -> Answer {
        let low_demand = match self.density {
            Some(_) if self.is_low_demand => Answer::Meets,
            Some(_) => Answer::DoesNot,
            None => Answer::Unknown,
        };
        self.endangered().min(low_demand)
    }
}

/// What a provision says of a site: holds, fails, or unknown by the rule of [`Answer`].
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct SupplementAnswer {
    /// The verdict.
    pub answer: Answer,
    /// The test; `None` for a site that is not suitable, or of which nobody can say that it is.
    pub test: Option<SupplementTest>,
    /// What keeps the site from being suitable, or what the data lack to say so.
    pub gaps: Gaps,
    /// The hours in which it would be suitable, where those are not all.
    pub hours: Option<Hours>,
}

/// Supplements of one provision: G-BA rules under section 136c (3) SGB V, first decided on
/// 24 November 2016 (date unverified); the numbers stand in the catalog (`supplement.ron`) with their source.
///
/// The cells of the rule are units of at most 1,000 inhabitants on average; here they are the
/// region's parts, into which places of a known area are laid out
/// ([`PartRule`](crate::model::PartRule)); a place without one is a single cell. For each cell its
/// nearest and second nearest suitable site count, whatever lies between; other sites are ignored as
/// origin and as alternative. A tie for the nearest goes to the smaller key: that hospital has the
/// cell, the other one is its second, equally far.
///
/// Who is suitable stands in the catalog: as the closure simulator of the statutory funds reads the rule in
/// November 2026, basic care asks for internal medicine, a surgical department and at least the basic stage of
/// emergency care, births for a delivery department, children for paediatrics and the children's module.
///
/// A suitable site is one at any time: what the provision asks for is open round the clock there. That a
/// department with hours of its own does not make a site suitable is a reading of the rule, which asks for a
/// specialist at any time; [`Supplement::part_time`] names the sites that it keeps out.
///
/// Hospitals of one operator within 2,000 m are one site ([`sites`](super::sites())): suitable by what they
/// have together, as near as the nearest of them with inpatients, and never each other's second.
///
/// The limit is inclusive: a cell whose second nearest site is exactly 30 minutes away is not affected.
/// No second site within the region's cut-off is beyond every limit. Coverage is endangered at exactly
/// the threshold of people, demand is low only strictly below that of density.
///
/// The density is that of the cells within a drive of the site ([`SupplementSettings::service_area`]),
/// whosever nearest site it is. A cell has an equal share of its place's area; people of places
/// without an area are left out of it.
///
/// **What it costs.** One walk over the ranked lists of all parts: the time of a coverage count. It is for one
/// provision; the effect of other speeds, limits or people is a [`SupplementSensitivity`](super::SupplementSensitivity).
///
/// **When not.** It judges the sites as they are. What a closure does to others is asked of the region
/// without the hospital.
///
/// Also needed and not computed: a deficit in the balance sheet and a place in the state's plan. Islands
/// need no least number of people; the data knows no islands.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Supplement {
    /// The provision.
    pub provision: Provision,
    /// Every suitable site, outside ones included, by the id of its main hospital. Places around those outside are partly
    /// unknown, so that their figures are too low.
    pub tests: Vec<SupplementTest>,
    /// Sites that have what the provision asks for, but not round the clock, by the id of their main
    /// hospital: not suitable.
    pub part_time: Vec<PartTime>,
    /// Main hospitals of sites of which the data do not say whether they are suitable, by id: they are
    /// ignored like unsuitable ones.
    pub unknown: Vec<UnknownSite>,
    /// What no hospital of the data has, so that nobody can say which sites are suitable, in words.
    pub nowhere: Vec<String>,
    /// People of the provision's group in all places that count; 0 makes every test say nothing.
    pub people: u64,
    /// People of the provision who reach no suitable site within the region's cut-off: no test counts
    /// them.
    pub without_site: u64,
}

impl Supplement {
    /// Tests every suitable hospital of a region.
    ///
    /// ```
    /// use verbund::Region;
    /// use verbund::rules::{Supplement, SupplementSettings};
    ///
    /// let region = Region::leipzig()?;
    /// let internal_and_surgery = &region.network().catalog().supplement.provisions[0];
    /// let found = Supplement::new(&region, internal_and_surgery, &SupplementSettings::default())?;
    /// let torgau = region.network().find("kkh-torgau").ok_or("no Torgau")?;
    /// let torgau = found.of(torgau).ok_or("not suitable")?;
    /// // 5,000 people are needed; the margin says how near Torgau is.
    /// assert_eq!(torgau.margin, torgau.affected as i64 - 5_000);
    /// assert!(torgau.affected > 0);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When the limit or the drive of the service area is beyond the region's cut-off.
    pub fn new(
        region: &Region,
        provision: &Provision,
        settings: &SupplementSettings,
    ) -> Result<Self, RulesError> {
        // Beyond the region's cut-off journeys are not kept: "too far" and "unknown" would look alike.
        let limit = provision.limit();
        let drive = settings.service_area.unwrap_or(limit);
        let cutoff = region.times().cutoff();
        if limit.max(drive) > cutoff {
            return Err(RulesError::LimitBeyondCutoff { limit: limit.max(drive), cutoff });
        }
        let (sites, unknown) = Suitable::new(region.network(), provision);
        let people = if settings.only_inside {
            region.people(&provision.population)
        } else {
            region.people_everywhere(&provision.population)
        };
        let count = Counting { region, settings, sites: &sites, people: &people };
        let stated = count.sums(Some(limit), Some(drive));
        let mut tests = Vec::with_capacity(sites.sites.len());
        for site in &sites.sites {
            tests.push(stated.of_hospitals[site.main.index()].test(site, provision));
        }
        if let Some(margin) = region.margin() {
            // Other limits for the journeys as stated are the same as other journeys.
            let at_end = |end| count.sums(margin.latest(end, limit), margin.latest(end, drive));
            let ends = Ends::of(at_end);
            for (test, site) in tests.iter_mut().zip(&sites.sites) {
                let main = site.main.index();
                test.hold_over(&ends.map(|sums| sums.of_hospitals[main].test(site, provision)));
            }
        }
        Ok(Self {
            provision: provision.clone(),
            tests,
            part_time: sites.part_time,
            unknown: unknown.sites,
            nowhere: unknown.nowhere,
            people: people.into_iter().map(u64::from).sum(),
            without_site: stated.without_site,
        })
    }

    /// The verdict on the site of a hospital.
    ///
    /// A site that is not suitable fails; one of which nobody can say whether it is suitable is unknown,
    /// and so is any where nobody of the provision's group lives in the data.
    ///
    /// ```
    /// use verbund::Region;
    /// use verbund::model::Answer;
    /// use verbund::rules::{Supplement, SupplementSettings};
    ///
    /// let region = Region::open("networks/small")?;
    /// let network = region.network();
    /// let verdict = |provision: usize, hospital: &str| {
    ///     let provision = &network.catalog().supplement.provisions[provision];
    ///     let found = Supplement::new(&region, provision, &SupplementSettings::default()).unwrap();
    ///     found.judge(network, network.find(hospital).unwrap())
    /// };
    /// // Births: `west` has no delivery department. Children: no hospital of the data has a module.
    /// assert_eq!(verdict(1, "west").gaps.missing, ["no obstetrics"]);
    /// let children = verdict(2, "north");
    /// assert_eq!(children.answer, Answer::Unknown);
    /// assert_eq!(children.gaps.nowhere, ["children's module of emergency care"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn judge(&self, network: &Network, hospital: HospitalId) -> SupplementAnswer {
        self.judge_site(network, &site_of(network, hospital))
    }

    /// The verdict on a site.
    pub(crate) fn judge_site(&self, network: &Network, site: &Site) -> SupplementAnswer {
        if let Ok(index) = self.tests.binary_search_by_key(&site.main, |test| test.hospital) {
            let test = self.tests[index].clone();
            let answer = if self.people == 0 { Answer::Unknown } else { test.answer() };
            let gaps = Gaps::default();
            return SupplementAnswer { answer, test: Some(test), gaps, hours: None };
        }
        let whole = site.whole(network);
        let gaps = network.judge(&self.provision.requirement, &whole);
        let part_time = self.part_time.iter().find(|site| site.key == whole.key);
        let answer = match gaps.answer() {
            Answer::Unknown => Answer::Unknown,
            Answer::Meets | Answer::DoesNot => Answer::DoesNot,
        };
        SupplementAnswer { answer, test: None, gaps, hours: part_time.map(|site| site.hours) }
    }

    /// The test of the site of a hospital; `None` when it is not suitable.
    pub fn of(&self, hospital: HospitalId) -> Option<&SupplementTest> {
        self.tests.iter().find(|test| test.hospitals.contains(&hospital))
    }
}

/// The suitable sites of a provision.
struct Suitable {
    /// By the id of the main hospital.
    sites: Vec<Site>,
    /// Sites that would be, were they open round the clock.
    part_time: Vec<PartTime>,
    /// Their hospitals with inpatients.
    set: HospitalSet,
    /// These, and the hospitals of which the data do not say whether they are suitable.
    set_at_best: HospitalSet,
    /// By hospital, the main one of its site.
    mains: Vec<HospitalId>,
}

impl Suitable {
    /// The suitable sites, and those of which nobody knows.
    fn new(network: &Network, provision: &Provision) -> (Self, Undecided) {
        let mut sites = inpatient_sites(network, ONE_SITE);
        let mains = mains(network, &sites);
        let (requirement, catalog) = (&provision.requirement, network.catalog());
        let undecided = Undecided::new(network, requirement, &sites);
        sites.sort_by_key(|site| site.main);
        let mut part_time = Vec::new();
        sites.retain(|site| {
            let whole = site.whole(network);
            // The rule asks for a specialist at any time: open by day is not suitable.
            let hours = requirement.hours(&whole, catalog);
            if !hours.is_always() && requirement.is_met_by(&whole, catalog) {
                part_time.push(PartTime { hospital: site.main, key: whole.key, hours });
            }
            hours.is_always()
        });
        // By hospital, whether its site is suitable, and whether it may be.
        let count = network.hospitals().len();
        let (mut suitable, mut perhaps) = (vec![false; count], vec![false; count]);
        for site in &sites {
            suitable[site.main.index()] = true;
        }
        for site in &undecided.sites {
            perhaps[site.hospital.index()] = true;
        }
        let is_in = |id: HospitalId, sites: &[bool]| {
            network[id].kind.has_inpatients() && sites[mains[id.index()].index()]
        };
        let set = HospitalSet::filter(network.ids(), |id| is_in(id, &suitable));
        let set_at_best =
            HospitalSet::filter(network.ids(), |id| is_in(id, &suitable) || is_in(id, &perhaps));
        (Self { sites, part_time, set, set_at_best, mains }, undecided)
    }

    /// The sites that an origin reaches, the nearest first, once for each of their hospitals.
    fn from<'s>(
        &'s self,
        region: &'s Region,
        part: usize,
    ) -> impl Iterator<Item = (HospitalId, Seconds)> + 's {
        self.reached(region, &self.set, part)
    }

    /// The sites of the hospitals of a set that an origin reaches, the nearest first.
    fn reached<'s>(
        &'s self,
        region: &'s Region,
        set: &'s HospitalSet,
        part: usize,
    ) -> impl Iterator<Item = (HospitalId, Seconds)> + 's {
        let hits = region.times().from_origin(part).filter(|(id, _)| set.contains(*id));
        hits.map(|(id, time)| (self.mains[id.index()], time))
    }

    /// Whether a site stays the nearest one of an origin, without a second one within a limit, even if all sites
    /// are suitable that may be.
    fn is_alone(
        &self,
        region: &Region,
        part: usize,
        site: HospitalId,
        limit: Option<Seconds>,
    ) -> bool {
        let mut hits = self.reached(region, &self.set_at_best, part);
        // A site more can only come nearer: whoever is alone among all that may be suitable is sure to be.
        if hits.next().is_none_or(|(nearest, _)| nearest != site) {
            return false;
        }
        let second = hits.find(|(next, _)| *next != site);
        second.is_none_or(|(_, time)| Some(time) > limit)
    }
}

/// Of which sites the data do not say whether they are suitable.
struct Undecided {
    sites: Vec<UnknownSite>,
    nowhere: Vec<String>,
}

impl Undecided {
    fn new(network: &Network, requirement: &Requirement, sites: &[Site]) -> Self {
        let mut undecided = Self { sites: Vec::new(), nowhere: Vec::new() };
        for site in sites {
            let whole = site.whole(network);
            if network.answer(requirement, &whole) != Answer::Unknown {
                continue;
            }
            let gaps = network.judge(requirement, &whole);
            undecided.nowhere.extend(gaps.nowhere);
            if !gaps.unknown.is_empty() {
                let (hospital, unknown) = (site.main, gaps.unknown);
                undecided.sites.push(UnknownSite { hospital, unknown });
            }
        }
        undecided.sites.sort_by_key(|site| site.hospital);
        undecided.nowhere.sort_unstable();
        undecided.nowhere.dedup();
        undecided
    }
}

/// The sums of a hospital.
#[derive(Debug, Clone, Default)]
struct Sums {
    people_nearest: u64,
    affected: u64,
    affected_at_least: u64,
    affected_outside: u64,
    with_second: u64,
    second_seconds: u64,
    people_in_area: u64,
    /// People in the area who live in places of known area.
    people_with_area: u64,
    area_km2: f64,
}

impl Sums {
    fn test(&self, site: &Site, provision: &Provision) -> SupplementTest {
        let with_second = self.with_second;
        let mean = self.second_seconds as f64 / with_second as f64;
        let second = (with_second > 0).then_some(mean);
        let density = self.people_with_area as f64 / self.area_km2;
        let density = (self.area_km2 > 0.0).then_some(density);
        let least = u64::from(provision.least_people);
        SupplementTest {
            hospital: site.main,
            hospitals: site.hospitals.clone(),
            people_nearest: self.people_nearest,
            affected: self.affected,
            affected_at_least: self.affected_at_least,
            affected_band: None,
            verdict_band: None,
            over_band: None,
            affected_outside: self.affected_outside,
            second_seconds: second,
            without_second: self.affected - with_second,
            margin: self.affected.cast_signed() - i64::from(provision.least_people),
            people_in_area: self.people_in_area,
            area_km2: self.area_km2,
            density,
            is_endangered: self.affected >= least,
            is_low_demand: density.is_some_and(|density| density < provision.low_density),
        }
    }
}

/// What people are counted for.
struct Counting<'c> {
    region: &'c Region,
    settings: &'c SupplementSettings,
    sites: &'c Suitable,
    /// People of the provision's group who count, by part.
    people: &'c [u32],
}

/// The sums of all hospitals.
struct AllSums {
    of_hospitals: Vec<Sums>,
    /// People who have no site.
    without_site: u64,
}

impl Counting<'_> {
    /// Counts with a limit and a longest drive of the service area; `None` for one that no journey is within.
    fn sums(&self, limit: Option<Seconds>, drive: Option<Seconds>) -> AllSums {
        let mut of_hospitals = vec![Sums::default(); self.region.network().hospitals().len()];
        let without_site = self.affected(limit, &mut of_hospitals);
        self.areas(drive, &mut of_hospitals);
        AllSums { of_hospitals, without_site }
    }

    /// Adds the people of each site up; gives those who have none.
    fn affected(&self, limit: Option<Seconds>, sums: &mut [Sums]) -> u64 {
        let region = self.region;
        let mut without_site = 0;
        for (part, &count) in self.people.iter().enumerate() {
            let count = u64::from(count);
            let mut hits = self.sites.from(region, part);
            let Some((hospital, time)) = hits.next() else {
                without_site += count;
                continue;
            };
            let sum = &mut sums[hospital.index()];
            sum.people_nearest += count;

            // Affected are those who would have to go farther than the limit without the site, and
            // ("zusätzlich") who do not have to now.
            let second = hits.find(|(site, _)| *site != hospital).map(|(_, time)| time);
            let was_served = Some(time) <= limit || self.settings.affected == Affected::AllBeyond;
            if !was_served || second.is_some_and(|second| Some(second) <= limit) {
                continue;
            }
            sum.affected += count;
            if self.sites.is_alone(region, part, hospital, limit) {
                sum.affected_at_least += count;
            }
            if region.place(region.parts()[part].place).outside {
                sum.affected_outside += count;
            }
            if let Some(second) = second {
                sum.with_second += count;
                sum.second_seconds += count * u64::from(second.0);
            }
        }
        without_site
    }

    /// Adds people and area within a drive of each site up, whosever nearest site it is.
    fn areas(&self, drive: Option<Seconds>, sums: &mut [Sums]) {
        let region = self.region;
        for id in region.place_ids() {
            let place = region.place(id);
            if place.outside && self.settings.only_inside {
                continue;
            }
            let parts = region.parts_of(id);
            // Cells of a place have equal shares of its area, as they have of its people.
            let area = place.area_km2.unwrap_or(0.0) / parts.len().max(1) as f64;
            for part in parts {
                // Several hospitals of a site reach it once.
                let in_drive =
                    self.sites.from(region, part).take_while(|(_, time)| Some(*time) <= drive);
                let mut reached: Vec<HospitalId> = in_drive.map(|(site, _)| site).collect();
                reached.sort_unstable();
                reached.dedup();
                for site in reached {
                    let sum = &mut sums[site.index()];
                    let count = u64::from(self.people[part]);
                    sum.people_in_area += count;
                    if area > 0.0 {
                        sum.people_with_area += count;
                        sum.area_km2 += area;
                    }
                }
            }
        }
    }
}
