//! Who can do which stage, hour by hour: the static networks on which routes are found.

use std::collections::BTreeMap;
use std::sync::Arc;

use fixedbitset::FixedBitSet;
use serde::Serialize;

use super::PathwayError;
use crate::calendar::{HourOfWeek, Hours};
use crate::model::{
    Alert, Cooperation, CooperationId, CooperationKind, HospitalId, Means, Network, Parties,
    Pathway, Requirement, Stage, StageIndex, StageProvision,
};
use crate::region::{HELIPAD, Held, Keyed, Region};
use crate::units::Seconds;

/// A directed link that a cooperation makes, with what it means for one pathway.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Link {
    /// Number among the network's cooperations, then the ones that were added.
    pub(super) cooperation: u32,
    /// Expert, centre or sender.
    pub(super) from: u32,
    /// Site or receiver.
    pub(super) to: u32,
    /// What it serves.
    pub(super) role: Role,
}

/// What a cooperation can do between two hospitals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Task {
    /// The stage that it helps with; `None` of a transfer.
    pub(crate) stage: Option<StageIndex>,
    /// Expert, centre or sender.
    pub(crate) from: HospitalId,
    /// Site or receiver.
    pub(crate) to: HospitalId,
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
pub(super) struct HourSites {
    /// By stage and way: hospitals that meet what must be on site.
    pub(super) on_site: Vec<Vec<FixedBitSet>>,
    /// By stage and way: hospitals that meet the remote parts; empty for `OnSite`.
    pub(super) remote: Vec<Vec<FixedBitSet>>,
    /// Links that are open and whose partner meets its part.
    pub(super) links: Vec<Link>,
    /// Hospitals with an open helipad; none where nothing flies in these hours.
    pub(super) helipads: FixedBitSet,
}

/// A care pathway set up on a region: who can do which of its stages in which hours, ready to be asked.
///
/// **When to use.** For all questions about the ways and times of patients of one pathway:
/// [`Self::evaluate`] for everybody, [`Self::route`] for one person, [`Self::times_at`] for a few parts.
/// What cooperations change is asked of an [`impact::Study`](crate::impact::Study), which sets several
/// pathways up; waiting and full beds are asked of the [`simulation`](crate::simulation).
///
/// **Units.** All times are whole seconds from the call ([`Seconds`]); people are residents, cases are
/// expected ones a year.
///
/// **What it costs.** Setting up tests every hospital against every stage, once for each class of hours:
/// 6 ms for all hospitals of Germany and 10,000 cooperations. Everybody's routes take 36 ms there (214,633
/// cells), and 2 ms over the whole week for all eleven pathways of a region ([`crate::guide`] says on which
/// machine). It is never changed by a question, so set it up once and ask it often; threads may share it.
///
/// **How long it lives.** It borrows region, pathway and added cooperations. To keep it beyond them, as a
/// server does, take [`Self::into_owned`].
///
/// ```
/// use verbund::Region;
/// use verbund::pathways::{Prepared, Query};
///
/// let region = Region::leipzig()?;
/// let stemi = region.network().catalog().pathway("stemi").ok_or("no pathway")?;
/// let prepared = Prepared::new(&region, stemi, &[])?;
/// // Kept alone: the region may go.
/// let kept = prepared.into_owned();
/// drop(region);
/// let outcome = kept.evaluate(&Query::default())?;
/// assert_eq!(outcome.stages()[0].people, 885_765); // adults of the region
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Prepared<'r> {
    pub(super) region: Held<'r, Region>,
    pub(super) pathway: Held<'r, Pathway>,
    /// Cooperations beside those of the network.
    added: Held<'r, [Cooperation]>,
    /// The networks of hours that differ.
    pub(super) classes: Vec<HourSites>,
    /// The class of each hour of the week.
    pub(super) class_of: Vec<u8>,
    /// By stage and way: when its team is alerted.
    pub(super) alerts: Vec<Vec<AlertAt>>,
    /// The stages as results name them, in their order.
    pub(super) stages: Vec<StageIndex>,
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
        let mut unmet = Vec::new();
        for (number, stage) in self.pathway.stages.iter().enumerate() {
            if !self.classes.iter().any(|sites| sites.can_be_met(number, stage)) {
                unmet.push(stage.key.clone());
            }
        }
        unmet
    }

    /// Sets a pathway up as [`Self::new`] does, also where nobody can meet some stage: it has no way
    /// then.
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
        // An added cooperation that names nobody would change nothing: that is wrong, not worth nothing.
        let mut unknown: Vec<String> = Vec::new();
        for key in added.iter().flat_map(|cooperation| cooperation.parties.keys()) {
            if network.find(key).is_none() {
                unknown.push(key.to_owned());
            }
        }
        if !unknown.is_empty() {
            return Err(PathwayError::UnknownHospitals { keys: unknown });
        }

        let setting = Setting::new(network, pathway, added);
        let HourClasses { class_of, hours } = setting.hour_classes();
        let links = setting.links();
        let mut classes: Vec<HourSites> = Vec::with_capacity(hours.len());
        for hour in hours {
            classes.push(setting.sites(&links, hour));
        }
        let mut alerts = Vec::with_capacity(pathway.stages.len());
        for (number, stage) in pathway.stages.iter().enumerate() {
            let mut of_stage = Vec::with_capacity(stage.ways.len());
            for way in &stage.ways {
                of_stage.push(alert_of(pathway, number, way));
            }
            alerts.push(of_stage);
        }
        Ok(Self {
            region: Held::Borrowed(region),
            pathway: Held::Borrowed(pathway),
            added: Held::Borrowed(added),
            classes,
            class_of,
            alerts,
            stages: pathway.stage_indices().collect(),
        })
    }

    /// The pathway to keep, with a copy of its own of region, pathway and added cooperations.
    ///
    /// Places, journeys and demand of the region are shared with the one it was set up on; its network is
    /// copied, which costs some milliseconds for a hundred hospitals. What is kept already is not copied
    /// again.
    pub fn into_owned(self) -> Prepared<'static> {
        let region = self.region.shared();
        self.kept_with(region)
    }

    /// [`Self::into_owned`] with a region that others keep, too.
    pub(crate) fn kept_with(self, region: Arc<Region>) -> Prepared<'static> {
        Prepared {
            region: Held::Kept(region),
            pathway: Held::Kept(self.pathway.shared()),
            added: Held::Kept(self.added.shared_list()),
            classes: self.classes,
            class_of: self.class_of,
            alerts: self.alerts,
            stages: self.stages,
        }
    }

    /// A result of this pathway that can be written (as JSON, say) with keys where it has ids.
    ///
    /// It is [`Region::keyed`] that also knows the stages of a pathway that is not in the catalog, and the
    /// cooperations that were added.
    ///
    /// ```
    /// use verbund::Region;
    /// use verbund::pathways::{Prepared, Query};
    ///
    /// let region = Region::leipzig()?;
    /// let mut stemi = region.network().catalog().pathway("stemi").ok_or("no pathway")?.clone();
    /// stemi.stages[0].key = "our_first_stage".to_owned();
    /// stemi.targets.clear();
    /// stemi.published.clear();
    /// let prepared = Prepared::new(&region, &stemi, &[])?;
    /// let loads = prepared.evaluate(&Query::default())?.loads();
    /// let written = serde_json::to_value(prepared.keyed(&loads))?;
    /// assert_eq!(written["hospitals"][0]["stage"], "our_first_stage");
    /// assert!(serde_json::to_value(region.keyed(&loads)).is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn keyed<'k, T: Serialize + ?Sized>(&'k self, result: &'k T) -> Keyed<'k, T> {
        self.region.keyed_with(&self.pathway, &self.added, result)
    }

    /// The pathway.
    pub fn pathway(&self) -> &Pathway {
        &self.pathway
    }

    /// The region.
    pub fn region(&self) -> &Region {
        &self.region
    }

    /// The cooperations that were added.
    pub(crate) fn added(&self) -> &[Cooperation] {
        &self.added
    }

    /// The cooperations of the network, in its order, then those that were added.
    pub fn cooperations(&self) -> Vec<&Cooperation> {
        self.region.network().cooperations().iter().chain(self.added.iter()).collect()
    }

    /// How many cooperations there are, of the network and added.
    pub fn cooperation_count(&self) -> usize {
        self.region.network().cooperations().len() + self.added.len()
    }

    /// The ids of [`Self::cooperations`], in their order.
    pub fn cooperation_ids(&self) -> impl ExactSizeIterator<Item = CooperationId> + use<> {
        (0..self.cooperation_count() as u32).map(CooperationId)
    }

    /// The cooperation of an id: one of the network, or one that was added.
    ///
    /// # Panics
    ///
    /// When there is no such cooperation.
    pub fn cooperation(&self, id: CooperationId) -> &Cooperation {
        let network = self.region.network();
        match network.cooperation(id) {
            Some(cooperation) => cooperation,
            None => &self.added[id.index() - network.cooperations().len()],
        }
    }

    /// How many different networks the hours of the week have.
    pub fn classes(&self) -> usize {
        self.classes.len()
    }

    /// What a cooperation can do for this pathway in some hour: each pair of hospitals with the stage that it helps
    /// with, or none of a transfer; in the order of stages, transfers last, then by hospitals.
    pub(crate) fn tasks_of(&self, id: CooperationId) -> Vec<Task> {
        let network = self.region.network();
        let mut tasks = Vec::new();
        for link in self.classes.iter().flat_map(|sites| &sites.links) {
            if CooperationId(link.cooperation) != id {
                continue;
            }
            let stage = match link.role {
                Role::Transfer { .. } => None,
                Role::Way { stage, .. } => Some(self.stages[usize::from(stage)]),
            };
            tasks.push(Task { stage, from: network.id(link.from), to: network.id(link.to) });
        }
        tasks.sort_unstable_by_key(|task| (task.stage.is_none(), task.stage, task.from, task.to));
        tasks.dedup();
        tasks
    }

    /// The cooperations that can serve this pathway in some hour, rising: none that any route uses is
    /// missing, but some may be out of reach.
    pub fn relevant(&self) -> Vec<CooperationId> {
        let mut relevant: Vec<CooperationId> = Vec::new();
        for sites in &self.classes {
            for link in &sites.links {
                relevant.push(CooperationId(link.cooperation));
            }
        }
        relevant.sort_unstable();
        relevant.dedup();
        relevant
    }
}

fn alert_of(pathway: &Pathway, stage: usize, way: &StageProvision) -> AlertAt {
    let StageProvision::VisitingTeam { alert, .. } = way else { return AlertAt::Arrival };
    match alert {
        Some(Alert::Call) => AlertAt::Variable(0),
        Some(Alert::Stage(key)) => {
            let stage = pathway.stage(key).expect("checked: the alert names an earlier stage");
            AlertAt::Variable(stage.index() as u8 + 1)
        }
        // Without an alert the end of the stage before is one; the first stage has none before it.
        None if stage > 0 => AlertAt::Variable(stage as u8),
        None => AlertAt::Arrival,
    }
}

/// What a pathway is set up from.
struct Setting<'s> {
    network: &'s Network,
    pathway: &'s Pathway,
    /// Those of the network, then the added ones.
    cooperations: Vec<&'s Cooperation>,
    /// Whether some patients come by helicopter.
    flies: bool,
}

/// Hours of the week that are alike.
struct HourClasses {
    /// The class of each hour.
    class_of: Vec<u8>,
    /// An hour of each class.
    hours: Vec<HourOfWeek>,
}

impl<'s> Setting<'s> {
    fn new(network: &'s Network, pathway: &'s Pathway, added: &'s [Cooperation]) -> Self {
        let cooperations = network.cooperations().iter().chain(added).collect();
        let flies = pathway.first_leg.contains(&Means::Helicopter);
        Self { network, pathway, cooperations, flies }
    }

    /// Hours in which everything that the pathway asks for is open or closed alike.
    fn hour_classes(&self) -> HourClasses {
        let openings = self.openings();
        // Two hours are alike when the same is open: then one static network serves for both.
        let mut known: BTreeMap<Vec<bool>, u8> = BTreeMap::new();
        let mut hours = Vec::new();
        let mut class_of = Vec::with_capacity(168);
        for hour in HourOfWeek::all() {
            let open: Vec<bool> = openings.iter().map(|opening| opening.is_open_in(hour)).collect();
            let class = *known.entry(open).or_insert_with(|| {
                hours.push(hour);
                hours.len() as u8 - 1
            });
            class_of.push(class);
        }
        HourClasses { class_of, hours }
    }

    /// The opening hours that routes can depend on, each once; what is always open tells no hours apart.
    fn openings(&self) -> Vec<Hours> {
        let mut leaves: Vec<&Requirement> = Vec::new();
        for stage in &self.pathway.stages {
            leaves.extend(stage.requirement.leaves());
        }
        let asks_for_specialty = |specialty: &str| {
            leaves
                .iter()
                .any(|leaf| matches!(leaf, Requirement::Specialty(key) if key == specialty))
        };
        let asks_for_facility = |wanted: &str| {
            leaves
                .iter()
                .any(|leaf| matches!(leaf, Requirement::Facility { kind, .. } if kind == wanted))
        };

        let mut openings: Vec<Hours> = Vec::new();
        let mut note = |hours: &Hours| {
            if !hours.is_always() && !openings.contains(hours) {
                openings.push(*hours);
            }
        };
        for hospital in self.network.hospitals() {
            for department in &hospital.departments {
                if asks_for_specialty(&department.specialty) {
                    note(&department.hours);
                }
            }
            for facility in &hospital.facilities {
                let is_pad = self.flies && facility.kind == HELIPAD;
                if is_pad || asks_for_facility(&facility.kind) {
                    note(&facility.hours);
                }
            }
        }
        for cooperation in &self.cooperations {
            if self.serves(cooperation) {
                note(&cooperation.hours);
            }
        }
        // Helicopters have hours of their own, and pads that may close.
        if self.flies {
            note(&self.network.catalog().first_leg.helicopter.hours);
        }
        openings
    }

    /// Whether a cooperation is of a kind and field that some stage or transfer of the pathway uses.
    fn serves(&self, cooperation: &Cooperation) -> bool {
        if matches!(cooperation.kind, CooperationKind::Transfer { .. }) {
            let mut fields = self.pathway.transfer.fields.iter();
            return fields.any(|field| cooperation.covers(field));
        }
        let kind = cooperation.kind.name();
        let mut ways = self.pathway.stages.iter().flat_map(|stage| &stage.ways);
        ways.any(|way| way.name() == kind && covers_all(cooperation, way))
    }

    /// Every link that a cooperation makes for the pathway, open or not.
    fn links(&self) -> Vec<Link> {
        let mut links = Vec::new();
        for (number, cooperation) in self.cooperations.iter().enumerate() {
            let Parties::Directed { from, to } = &cooperation.parties else { continue };
            if !self.serves(cooperation) {
                continue;
            }
            let Some(from) = self.network.find(from) else { continue };
            let roles = self.roles(cooperation);
            for key in to {
                // A partner of another day, say: it is no part of this network.
                let Some(to) = self.network.find(key) else { continue };
                let (from, to) = (from.index() as u32, to.index() as u32);
                for &role in &roles {
                    links.push(Link { cooperation: number as u32, from, to, role });
                }
            }
        }
        links
    }

    /// What a cooperation serves: transfers, or ways of stages.
    fn roles(&self, cooperation: &Cooperation) -> Vec<Role> {
        if let CooperationKind::Transfer { door_in_door_out, .. } = cooperation.kind {
            let usual = self.pathway.transfer.door_in_door_out;
            return vec![Role::Transfer { door_in_door_out: door_in_door_out.unwrap_or(usual).0 }];
        }
        let mut roles = Vec::new();
        for (stage, data) in self.pathway.stages.iter().enumerate() {
            for (number, way) in data.ways.iter().enumerate() {
                let Some(term) = term(&cooperation.kind, way) else { continue };
                if covers_all(cooperation, way) {
                    roles.push(Role::Way { stage: stage as u8, way: number as u8, term: term.0 });
                }
            }
        }
        roles
    }

    /// Who can do what in an hour.
    fn sites(&self, links: &[Link], hour: HourOfWeek) -> HourSites {
        let nobody = || FixedBitSet::with_capacity(self.network.hospitals().len());
        let mut sites = HourSites {
            on_site: Vec::new(),
            remote: Vec::new(),
            links: Vec::new(),
            helipads: nobody(),
        };
        for stage in &self.pathway.stages {
            let (mut on_site, mut remote) = (Vec::new(), Vec::new());
            for way in &stage.ways {
                let parts = way.remote();
                if parts.is_empty() {
                    on_site.push(self.meeting(&stage.requirement, hour));
                    remote.push(nobody());
                    continue;
                }
                // A stage always keeps a part on site: that was checked. Nobody meets an empty choice.
                let here = stage.on_site(parts).unwrap_or(Requirement::Any(Vec::new()));
                on_site.push(self.meeting(&here, hour));
                remote.push(self.meeting(&Requirement::All(parts.to_vec()), hour));
            }
            sites.on_site.push(on_site);
            sites.remote.push(remote);
        }

        // Both ends are judged in the same hour: an expert who is off duty helps nobody.
        for link in links {
            let hours = &self.cooperations[link.cooperation as usize].hours;
            if hours.is_open_in(hour) && sites.can_serve(link) {
                sites.links.push(link.clone());
            }
        }
        let flight_hours = &self.network.catalog().first_leg.helicopter.hours;
        if self.flies && flight_hours.is_open_in(hour) {
            let pad = Requirement::Facility { kind: HELIPAD.to_owned(), at_least: None };
            sites.helipads = self.meeting(&pad, hour);
        }
        sites
    }

    /// The hospitals that meet a requirement in an hour.
    fn meeting(&self, requirement: &Requirement, hour: HourOfWeek) -> FixedBitSet {
        let mut meeting = FixedBitSet::with_capacity(self.network.hospitals().len());
        for (id, hospital) in self.network.iter() {
            let is_met = requirement.is_met_in(hour, hospital, self.network.catalog());
            meeting.set(id.index(), is_met);
        }
        meeting
    }
}

/// Whether a cooperation covers all fields of a way.
fn covers_all(cooperation: &Cooperation, way: &StageProvision) -> bool {
    way.fields().iter().all(|field| cooperation.covers(field))
}

/// The term of a way over a cooperation: its own, or the way's default; `None` when the
/// cooperation is of another kind.
pub(super) fn term(kind: &CooperationKind, way: &StageProvision) -> Option<Seconds> {
    let (agreed, usual) = match (kind, way) {
        (
            CooperationKind::Telemedicine { consult },
            StageProvision::Telemedicine { consult: usual, .. },
        ) => (consult, usual),
        (
            CooperationKind::VisitingTeam { call_out },
            StageProvision::VisitingTeam { call_out: usual, .. },
        ) => (call_out, usual),
        (
            CooperationKind::CentralService { turnaround },
            StageProvision::CentralService { turnaround: usual, .. },
        ) => (turnaround, usual),
        _ => return None,
    };
    Some(agreed.unwrap_or(*usual))
}

impl HourSites {
    /// Whether both ends of a link can do their part of what it serves.
    fn can_serve(&self, link: &Link) -> bool {
        let Role::Way { stage, way, .. } = link.role else { return true };
        let (stage, way) = (usize::from(stage), usize::from(way));
        self.remote[stage][way].contains(link.from as usize)
            && self.on_site[stage][way].contains(link.to as usize)
    }

    /// Whether any hospital can do a stage, by whatever of its ways.
    fn can_be_met(&self, number: usize, stage: &Stage) -> bool {
        for (way, hospitals) in stage.ways.iter().zip(&self.on_site[number]) {
            if matches!(way, StageProvision::OnSite) && !hospitals.is_clear() {
                return true;
            }
        }
        let serves = |link: &Link| match link.role {
            Role::Way { stage, .. } => usize::from(stage) == number,
            Role::Transfer { .. } => false,
        };
        self.links.iter().any(serves)
    }
}
