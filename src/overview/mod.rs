//! The main job: everything that one screen about a region shows, as plain figures.
//!
//! [`Overview::of`] asks every analysis once and keeps what it answers; nothing here is laid out, and nothing is
//! worked out that another room does not. [`report::overview`](crate::report::overview) prints it; a page or a
//! map can read the same figures.

mod agreements;
mod cooperations;
mod failures;
mod occupancy;
mod pathways;
mod places;
mod published;
mod scenarios;
mod simulation;
mod written;

pub use agreements::AgreementInShort;
pub(crate) use cooperations::published_handed_on;
pub use cooperations::{CooperationChange, CooperationsInShort, HandedOn};
pub use failures::{PairTogether, SinglePoint};
pub use occupancy::{ChoiceLoads, LargestShare, LoadOfHospital};
pub use pathways::{PathwayFigures, pathway_figures};
pub use places::WorstPlace;
pub use published::{PublishedFigure, published_figures};
pub use scenarios::{LeftOut, LeftOutReason, ScenarioChange, ScenariosInShort};
pub use simulation::{HospitalRun, NoRun, ShortRun, ShortSimulation};

use serde::Serialize;

use crate::alliance::AllianceView;
use crate::comparison::ComparisonError;
use crate::coverage::{self, Coverage, CoverageError};
use crate::model::{CooperationGraph, GraphFilter, HospitalId, Model, UnknownSite};
use crate::pathways::PathwayError;
use crate::problem::Problems;
use crate::region::{Region, RegionError};
use crate::routing::{Capacity, Choice, ChoiceError, Flows, Huff};
use crate::rules::{Assessment, GroupSettings, HospitalStage, emergency_stages};
use crate::simulation::ChosenSettings;

/// Why there is no overview.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum OverviewError {
    /// A standard cannot be evaluated.
    #[error(transparent)]
    Coverage(#[from] CoverageError),
    /// The region of another year, for a published figure, cannot be built.
    #[error(transparent)]
    Region(#[from] RegionError),
    /// The parameters of a choice of hospital are out of range.
    #[error(transparent)]
    Choice(#[from] ChoiceError),
    /// A care pathway cannot be studied.
    #[error(transparent)]
    Pathway(#[from] PathwayError),
    /// The region before and after a scenario cannot be compared.
    #[error(transparent)]
    Comparison(#[from] ComparisonError),
    /// The folder's scenarios cannot be listed.
    #[error(transparent)]
    Scenarios(#[from] Problems),
}

/// All that one screen about a region shows: who reaches care, the worst places, care pathways, cooperations,
/// occupancy, a short simulation, what hurts when it closes, scenarios, law and published figures.
///
/// Of a region in one hour ([`Region::in_hour`]) that hour decides [`coverage`](Self::coverage),
/// [`worst_places`](Self::worst_places), [`single_points`](Self::single_points) and [`pairs`](Self::pairs); all
/// else is that of the whole week. Lists are complete: a reader cuts them.
///
/// It costs as much as all of its analyses together: about a second for a region, a few seconds for a country.
///
/// ```
/// use verbund::Region;
/// use verbund::files::Folder;
/// use verbund::overview::Overview;
///
/// let model = Folder::small().read()?;
/// let region = Region::new(&model, model.network.date())?;
/// let overview = Overview::of(&model, &region)?;
///
/// // 16,000 of the 31,000 people inside live in Edorf, 35 minutes from the nearest CT.
/// let ct = overview.coverage.iter().find(|coverage| coverage.standard.key == "ct").unwrap();
/// assert_eq!((ct.total.people, ct.total.within_limit), (31_000, 15_000));
/// let worst = &overview.worst_places[0];
/// assert_eq!(region.place(worst.place).name, "Edorf");
/// assert!(worst.missed.contains(&"ct".to_owned()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct Overview {
    /// The region that was asked about; its hour decides the figures named above. Not written.
    #[serde(skip)]
    pub region: Region,
    /// The same region over the whole week; its ids are those of `region`. Not written.
    #[serde(skip)]
    pub week: Region,
    /// Every standard of the catalog, in its order.
    pub coverage: Vec<Coverage>,
    /// Every place inside in which somebody lives, the worst first.
    pub worst_places: Vec<WorstPlace>,
    /// Every care pathway of the catalog, in its order: over all hours of the week, by the fastest way. An error
    /// where nobody in the network can do a stage, which is written as `error` with its message.
    #[serde(serialize_with = "written::each_or_message")]
    pub pathways: Vec<Result<PathwayFigures, PathwayError>>,
    /// Hospitals of which the data do not say whether they can do some stage of these pathways, each once, by id.
    pub unknown_in_pathways: Vec<UnknownSite>,
    /// What single cooperations change, over all pathways.
    pub cooperations: CooperationsInShort,
    /// Framework agreements with a partner inside, the one with the most fields that have patients first.
    pub agreements: Vec<AgreementInShort>,
    /// Alliances with a member inside, the one with the most first.
    pub alliances: Vec<AllianceView>,
    /// Cases and occupancy by distance and size of hospitals (Huff), default parameters.
    pub huff: ChoiceLoads,
    /// The same where departments that are full send patients on, default parameters.
    pub capacity: ChoiceLoads,
    /// How full hospitals get over time.
    pub simulation: ShortSimulation,
    /// Hospitals whose closure alone puts somebody beyond the limit of a standard: the most people first, equal
    /// ones in the order of the standards.
    pub single_points: Vec<SinglePoint>,
    /// Hospitals without which others lose their last cooperation, by id.
    pub articulations: Vec<HospitalId>,
    /// Pairs of hospitals inside that hurt more together than the sum: of each standard the
    /// first [`PairTogether::EACH`], the most people more first, equal ones in the order of the standards.
    pub pairs: Vec<PairTogether>,
    /// What scenarios change; empty unless set by [`Self::with_scenarios`].
    pub scenarios: ScenariosInShort,
    /// Service groups by site; `None` where the catalog has none. Written is how each site stands to each group.
    #[serde(serialize_with = "written::groups_in_short")]
    pub service_groups: Option<Assessment>,
    /// Emergency stages by hospital; `None` where the catalog has no rules on them. Written is the stage that each
    /// would reach for sure and at best.
    #[serde(serialize_with = "written::stages_in_short")]
    pub emergency_stages: Option<Vec<HospitalStage>>,
    /// Published figures of the network, in its order, beside what the model gives.
    pub published: Vec<PublishedFigure>,
}

impl Overview {
    /// Asks every analysis about a region; `model` gives the networks of other years, which published figures
    /// are about.
    ///
    /// # Errors
    ///
    /// When a standard of the catalog cannot be evaluated, or the region of another year cannot be built.
    pub fn of(model: &Model, region: &Region) -> Result<Self, OverviewError> {
        Self::with_settings(model, region, &ChosenSettings::default())
    }

    /// The same with settings of the simulation that a network's folder or somebody else chose; its days stay those of
    /// a short one.
    ///
    /// # Errors
    ///
    /// As [`Self::of`].
    pub fn with_settings(
        model: &Model,
        region: &Region,
        settings: &ChosenSettings,
    ) -> Result<Self, OverviewError> {
        let week = region.of_week();
        let network = week.network();

        // The hour of `region` decides here, and below where `region` is asked; all else asks the whole week.
        let coverage = coverage::evaluate_all(region, &network.catalog().standards)?;
        let worst_places = places::worst_places(region, &coverage);
        let (pathways, unknown_in_pathways) = pathways::pathways(&week);
        let cooperations = CooperationsInShort::of(&week)?;

        // Two answers side by side: one without and one with full beds that send patients on.
        let by_huff = Flows::of_region(&week, Choice::Huff(Huff::default()))?;
        let by_capacity = Flows::of_region(&week, Choice::Capacity(Capacity::default()))?;

        Ok(Self {
            worst_places,
            pathways,
            unknown_in_pathways,
            cooperations,
            agreements: agreements::agreements(network),
            alliances: agreements::alliances(network),
            huff: ChoiceLoads::of(&week, &by_huff),
            capacity: ChoiceLoads::of(&week, &by_capacity),
            simulation: ShortSimulation::of(&week, settings),
            single_points: failures::single_points(&coverage),
            articulations: CooperationGraph::new(region.network(), &GraphFilter::default())
                .articulation_hospitals(),
            pairs: failures::pairs_together(region)?,
            scenarios: ScenariosInShort::default(),
            service_groups: Assessment::new(network, &GroupSettings::default()).ok(),
            // A catalog without these rules has no answer, which is no fault of the region.
            emergency_stages: emergency_stages(network).ok(),
            published: published_figures(model, &week, &by_huff)?,
            coverage,
            region: region.clone(),
            week,
        })
    }

    /// The same with what scenarios change.
    #[must_use]
    pub fn with_scenarios(mut self, scenarios: ScenariosInShort) -> Self {
        self.scenarios = scenarios;
        self
    }
}
