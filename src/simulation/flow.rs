//! A region's patient flow, ready to run.

use super::build::{Built, Order, build, drop_beside};
use super::cut_off::{CutOff, cut_off};
use super::incident::Allocation;
use super::reached::unreached;
use super::sample::Sample;
use super::spans::{ChangeSpan, change_spans};
use super::wards::Ward;
use super::words::in_words;
use super::{RunPlan, Settings, SimulationError, WardId};
use crate::calendar::DateTime;
use crate::pathways::Held;
use crate::queueing::{Model, Moments, Record, Simulator, Watch};
use crate::random::Seed;
use crate::region::Region;
use crate::run::Control;
use crate::scenario::{CheckedScenario, Scenario};

/// Patients of a region over time: who comes, who finds a bed where, who waits and who is handed on.
///
/// # What exactly happens
///
/// - **Beds.** Each department is a ward with its beds, each intensive care unit another one, whose beds
///   are taken from the departments' in proportion. From week to week another share of the beds is
///   not staffed ([`Settings::staffed_share`], with [`Settings::absence_cv`]); partners of a
///   [`StaffPool`](crate::model::CooperationKind::StaffPool) level it in their fields. A bed is made
///   ready after each patient.
/// - **Patients** come at random from every place, by specialty and urgency, at rates that follow the
///   hours of the week; those of care pathways of emergencies come by themselves and are taken off
///   their specialty's emergencies.
/// - **Discharges.** A stay ends on the day on which its drawn length is over, in the hours of discharges, and at weekends
///   less often than before or behind them ([`Settings::rhythm`]); there are the seasons of specialties, theatre days, what is
///   left of elective admissions on holidays, and beds that are closed at weekends, too.
/// - **Choice.** By the model of [`Settings::choice`]; patients of a pathway are brought to where the
///   fastest route of the hour ends.
/// - **Full wards.** Emergencies are laid in another ward of the hospital that has a free bed and helps
///   ([`Settings::outliers`]). Where there is none they go on to the partners with shared beds, then to the next hospitals by
///   time (of a pathway: to where its next route ends), and when all are full they are forced into the
///   first one that is not closed. Elective patients wait for a bed of their hospital, or take one of
///   a partner's shared beds at once.
/// - **Intensive care.** A share of the patients starts there, at a hospital that has it, and goes on to
///   the ward or, where that is full, to another one that helps, else into it, full or not ([`Settings::step_down`]), and while a scenario has closed it they go on
///   to the nearest hospital where it is open. Where no hospital in reach has intensive care, they
///   lie in the ward for those days.
/// - **Transfers.** Of the emergencies of a hospital that has an agreement in the specialty,
///   [`Settings::transfer_share`] are handed on after a day, if they are accepted and a receiver has a
///   bed; after half of the rest of the stay [`Settings::back_transfer_share`] of these, and of the
///   patients whom a pathway handed on over an agreement, go back, if there is a bed.
/// - **Shared on-call.** Wards of a [`SharedOnCall`](crate::model::CooperationKind::SharedOnCall) are
///   open in the hours of any partner; in its hours each admission keeps the one roster busy, and patients who
///   find it busy are brought elsewhere.
/// - **Start.** Hospitals start about as full as their patients make them ([`Settings::starts_full`]): in each
///   ward as many as would be there in the long run if every bed were free, at most as many as there are
///   beds, each with the rest of a stay. Waiting lists start full where elective patients, with those from
///   intensive care, are more than the beds; the others start empty and fill in the warm-up.
/// - **Scenario.** Departments close, divert and open; cooperations start and end; roads change where
///   patients go; surges and incidents bring more. The usual patients stay the same ones, with the
///   same stays. Rosters, staff pools and what recruitment brings do not change within a run: those that
///   are at work in at least half of the days that are counted hold for all of it.
///
/// # How long it lives
///
/// It borrows its region. To keep it longer, as a server does, take [`Self::into_owned`]; threads may share it, and each
/// replication is run by itself.
#[derive(Debug)]
pub struct PatientFlow<'r> {
    region: Held<'r, Region>,
    settings: Settings,
    name: String,
    late_changes: usize,
    cut_off: Vec<CutOff>,
    spans: Vec<ChangeSpan>,
    unreached: Vec<WardId>,
    pub(super) built: Built,
    simulator: Simulator,
}

impl<'r> PatientFlow<'r> {
    /// Sets the patient flow of a region up, as it is or under a scenario.
    ///
    /// # Errors
    ///
    /// Every setting that is out of range; every fault of the scenario against the region, and every change
    /// of structure in it, which [`start_of_run`](super::start_of_run) applies to the region before; or that
    /// the region has no bed or no patient. Nothing is half configured.
    pub fn new(
        region: &'r Region,
        settings: &Settings,
        scenario: Option<&Scenario>,
    ) -> Result<Self, SimulationError> {
        let never = Control::default();
        let order = Order { scenario, is_judged: false, beds: None, stop: never.flag() };
        Self::ordered(region, settings, &order)
    }

    /// As [`Self::new`] under a scenario, without a second judgement of what [`Region::check_scenario`] judged
    /// already for this region.
    ///
    /// # Errors
    ///
    /// Those of [`Self::new`].
    ///
    /// # Example
    ///
    /// ```
    /// use verbund::Region;
    /// use verbund::files::Folder;
    /// use verbund::scenario::ScenarioDraft;
    /// use verbund::simulation::{PatientFlow, Settings};
    ///
    /// let region = Region::leipzig()?;
    /// let winter = ScenarioDraft::in_folder(&Folder::leipzig(), "winter", region.network());
    /// let winter = region.check_scenario(winter)?;
    /// let flow = PatientFlow::under(&region, &Settings::default(), &winter)?;
    /// assert_eq!(flow.name(), "winter");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn under(
        region: &'r Region,
        settings: &Settings,
        scenario: &CheckedScenario,
    ) -> Result<Self, SimulationError> {
        let never = Control::default();
        let is_judged = region.has_judged(&[scenario]);
        let order = Order { scenario: Some(scenario), is_judged, beds: None, stop: never.flag() };
        Self::ordered(region, settings, &order)
    }

    /// [`Self::new`], given up once it is stopped ([`SimulationError::Stopped`]); with the beds of these wards, which
    /// are of the same network, instead of those that the settings and the journeys give where the network
    /// knows none.
    pub(super) fn ordered(
        region: &'r Region,
        settings: &Settings,
        order: &Order<'_>,
    ) -> Result<Self, SimulationError> {
        let scenario = order.scenario;
        check(region, settings, order)?;
        // Whoever stops it should not wait until a large model is built.
        order.go_on()?;
        let (model, built) = build(region, settings, order)?;
        if let Err(stopped) = order.go_on() {
            drop_beside((model, built.streams));
            return Err(stopped);
        }
        // In this order, so that the first thing that is missing is named, and not what follows from it.
        if region.demand().specialties.is_empty() {
            return Err(SimulationError::NoPatients);
        }
        if built.wards.is_empty() {
            return Err(SimulationError::NoBeds);
        }
        if built.streams.is_empty() {
            return Err(SimulationError::NoPatients);
        }
        // Before the simulator takes the model over.
        let unreached = unreached(&model);
        let simulator = Simulator::of(model)
            .map_err(|problems| SimulationError::Problems(in_words(problems)))?;
        if let Err(stopped) = order.go_on() {
            drop_beside((simulator, built.streams));
            return Err(stopped);
        }
        // Of days only hospitals are asked for, of which there are far fewer than wards.
        let mut hospitals: Vec<u32> = Vec::with_capacity(built.wards.len());
        for ward in &built.wards {
            hospitals.push(ward.hospital.index() as u32);
        }
        // Streams are by place and specialty, thousands of them; only those of pathways, which are tracked, are asked
        // for.
        let record =
            Record { streams: false, hours: true, days: true, waits: true, ..Record::default() };
        Ok(Self {
            region: Held::Borrowed(region),
            settings: settings.clone(),
            unreached,
            cut_off: scenario.map_or_else(Vec::new, |scenario| {
                cut_off(region, settings, scenario, &built.allocations)
            }),
            spans: scenario
                .map_or_else(Vec::new, |scenario| change_spans(scenario, &built.allocations)),
            late_changes: scenario.map_or(0, |scenario| late_changes(region, settings, scenario)),
            name: scenario.map_or_else(|| "base".to_owned(), |scenario| scenario.key.clone()),
            built,
            simulator: simulator.record(record).days_by(hospitals),
        })
    }

    /// Lets go of a flow that is not needed any more, without waiting until it is freed.
    pub(super) fn give_up(self) {
        drop_beside((self.simulator, self.built.streams));
    }

    /// Runs a replication, from 0.
    pub fn sample(&self, seed: Seed, replication: u64) -> Sample {
        Sample::new(&self.built, self.simulator.run(seed, replication))
    }

    /// Runs a replication that is given up within milliseconds once it is stopped: `None` then.
    pub fn sample_until(
        &self,
        seed: Seed,
        replication: u64,
        control: &Control<'_>,
    ) -> Option<Sample> {
        let run = self.simulator.run_until(seed, replication, control)?;
        Some(Sample::new(&self.built, run))
    }

    /// [`Self::sample_until`] with so many more beds by ward, in the order of [`Self::wards`]; those behind the end
    /// of the list get none. The same patients come with the same stays.
    pub(super) fn sample_with_more(
        &self,
        more: &[u32],
        seed: Seed,
        replication: u64,
        control: &Control<'_>,
    ) -> Option<Sample> {
        let run = self.simulator.run_with_more(more, seed, replication, control)?;
        Some(Sample::new(&self.built, run))
    }

    /// Runs a replication whose wards are looked at at these moments besides; `None` once it is stopped.
    pub(super) fn sample_looking(
        &self,
        moments: Moments,
        plan: RunPlan,
        replication: u64,
        control: &Control<'_>,
    ) -> Option<Sample> {
        let run = self.simulator.run_looking(moments, plan.seed, replication, control)?;
        Some(Sample::new(&self.built, run))
    }

    /// Runs a replication whose stays in wards are shown to a watcher.
    pub fn watch(&self, seed: Seed, replication: u64, watch: &mut impl Watch) -> Sample {
        Sample::new(&self.built, self.simulator.watch(seed, replication, watch))
    }

    /// The flow to keep beyond its region, with a copy of its own of it: what a server needs, which answers many
    /// questions over hours.
    ///
    /// Places, journeys and demand are shared with the region it was set up on; the network is copied, which costs some
    /// milliseconds for a hundred hospitals. What is kept already is not copied again.
    ///
    /// ```
    /// use verbund::Region;
    /// use verbund::files::Folder;
    /// use verbund::random::Seed;
    /// use verbund::simulation::{PatientFlow, Settings};
    ///
    /// let model = Folder::small().read()?;
    /// let region = Region::new(&model, model.network.date())?;
    /// let mut settings = Settings::default();
    /// settings.days = 14;
    /// let kept = PatientFlow::new(&region, &settings, None)?.into_owned();
    /// drop(region);
    /// // Elsewhere, and later.
    /// let run = std::thread::spawn(move || kept.sample(Seed(1), 0).events);
    /// assert!(run.join().is_ok_and(|events| events > 0));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn into_owned(self) -> PatientFlow<'static> {
        PatientFlow {
            region: Held::Kept(self.region.shared()),
            settings: self.settings,
            name: self.name,
            late_changes: self.late_changes,
            cut_off: self.cut_off,
            spans: self.spans,
            unreached: self.unreached,
            built: self.built,
            simulator: self.simulator,
        }
    }

    /// The region.
    pub fn region(&self) -> &Region {
        &self.region
    }

    /// What it takes for granted.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Key of the scenario, or "base".
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Changes of the scenario that begin behind the last day, and so change nothing.
    pub fn late_changes(&self) -> usize {
        self.late_changes
    }

    /// The changes of the scenario of which the days that are counted show nothing, or not all, in their order: with the
    /// days that it takes to see them.
    pub fn cut_off(&self) -> &[CutOff] {
        &self.cut_off
    }

    /// The changes of the scenario that the run follows, in their order, with their ends.
    pub fn spans(&self) -> &[ChangeSpan] {
        &self.spans
    }

    /// The start of the first day that is counted.
    pub fn starts(&self) -> DateTime {
        DateTime::from(self.region.network().date())
    }

    /// The wards to which no patient can come, in the order of [`Self::wards`]: nobody chooses them, nobody is brought
    /// or handed on to them, and no partner with shared beds sends anybody.
    pub fn unreached_wards(&self) -> &[WardId] {
        &self.unreached
    }

    /// The wards, hospital by hospital; in the order of the stations of [`Self::model`].
    pub fn wards(&self) -> &[Ward] {
        &self.built.wards
    }

    /// The wards with their ids, in the order of [`Self::wards`].
    pub fn wards_with_ids(&self) -> impl ExactSizeIterator<Item = (WardId, &Ward)> {
        let wards = self.built.wards.iter().enumerate();
        wards.map(|(position, ward)| (WardId::at(position), ward))
    }

    /// The ward of an id.
    ///
    /// # Panics
    ///
    /// When the flow has no such ward.
    pub fn ward(&self, ward: WardId) -> &Ward {
        &self.built.wards[ward.index()]
    }

    /// Patients of a ward in the long run if every bed of every ward were free, without surges and incidents: what
    /// comes a day times its days, by [Little's law](https://doi.org/10.1287/opre.9.3.383). Above the beds,
    /// the ward refuses patients however long it runs. `None` for a run that starts empty, which does not look for it.
    pub fn expected_patients(&self, ward: WardId) -> Option<f64> {
        self.built.expected.get(ward.index()).copied()
    }

    /// Beds of a ward that are staffed on average at the start, 0 for one that is closed then.
    pub fn staffed_beds(&self, ward: WardId) -> f64 {
        self.built.staffed_beds.get(ward.index()).copied().unwrap_or(0.0)
    }

    /// Departments without any bed, to which nobody is brought, as "hospital: specialty".
    pub fn without_beds(&self) -> &[String] {
        &self.built.without_beds
    }

    /// Expected cases a year that have no hospital in reach; they do not come.
    pub fn without_hospital(&self) -> f64 {
        self.built.without_hospital
    }

    /// Who of each incident of the scenario is brought where.
    pub fn allocations(&self) -> &[Allocation] {
        &self.built.allocations
    }

    /// The queueing network behind it; time 0 is [`Settings::warm_up_days`] before the region's day,
    /// in days. Its stations are named by hospital and specialty, the latter as it was spelled first: random numbers
    /// are drawn by these names, and those of a seed stay.
    pub fn model(&self) -> &Model {
        self.simulator.model()
    }
}

/// Every fault of settings and of a scenario that a run is to follow.
fn check(region: &Region, settings: &Settings, order: &Order<'_>) -> Result<(), SimulationError> {
    let mut problems = settings.check();
    settings.outliers.check_keys(region.network(), &mut problems);
    if !problems.is_empty() {
        return Err(SimulationError::Problems(problems));
    }
    if let Some(scenario) = order.scenario {
        if !order.is_judged {
            let problems = scenario.check(region.network(), region.places());
            if !problems.is_empty() {
                return Err(SimulationError::Problems(problems));
            }
        }
        // Silently left out, a merger would look as if it changed nothing.
        let problems = super::start::refused(scenario);
        if !problems.is_empty() {
            return Err(SimulationError::Problems(problems));
        }
    }
    Ok(())
}

fn late_changes(region: &Region, settings: &Settings, scenario: &Scenario) -> usize {
    let day = DateTime::from(region.network().date());
    let end = i64::from(settings.days) * 1440;
    scenario.changes.iter().filter(|change| change.on.minutes_since(day) >= end).count()
}
