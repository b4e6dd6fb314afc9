//! Scenarios in the order of a figure, with how sure that order is.

use serde::Serialize;

use super::{Figure, FlowIndex, Results, Scope};
use crate::stats::{Interval, Rank, ranks, variance_reduction};

/// Where a flow stands among all flows of a run.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct RankedFlow {
    /// The flow.
    #[serde(skip)]
    pub flow: FlowIndex,
    /// The figure, of all hospitals inside.
    pub value: Interval,
    /// Its change from the base, paired by replication; `None` for the base.
    pub change: Option<Interval>,
    /// The places that it may have, 1 for the lowest figure: those of all flows hold together with a probability of at
    /// least 95 %.
    pub rank: Rank,
    /// By how much the same patients in both cut the variance of [`Self::change`]: replications apart would take so many
    /// times as many. `None` for the base, and where the change does not scatter.
    pub variance_factor: Option<f64>,
}

impl Figure {
    /// Whether fewer is better, so that scenarios can be ranked by it.
    ///
    /// ```
    /// use verbund::simulation::Figure;
    ///
    /// assert!(Figure::Refused.is_burden() && !Figure::Admissions.is_burden());
    /// ```
    pub fn is_burden(self) -> bool {
        !matches!(
            self,
            Self::Admissions
                | Self::Occupancy
                | Self::OccupancyP95
                | Self::Received
                | Self::TransferredIn
        )
    }
}

/// The interval that keeps a run from the half-width that was asked for.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Widest<'f> {
    /// The flow: of the base its figure, of another one the change from the base.
    pub flow: &'f str,
    /// The figure.
    pub figure: Figure,
    /// Half of the width of its interval, in the figure's unit.
    pub half_width: f64,
    /// About how many replications would be needed: a half-width falls with the root of their number.
    pub needed: u64,
}

impl<'f> Results<'f, '_> {
    /// The widest of the intervals for which a half-width was asked ([`RunPlan::until`](super::RunPlan::until));
    /// `None` where none was, where it is reached, or with fewer than two replications.
    ///
    /// ```
    /// use verbund::Region;
    /// use verbund::files::Folder;
    /// use verbund::run::Control;
    /// use verbund::random::Seed;
    /// use verbund::simulation::{Figure, PatientFlow, Precision, RunPlan, Settings, simulate};
    ///
    /// let model = Folder::small().read()?;
    /// let region = Region::new(&model, model.network.date())?;
    /// let flows = [PatientFlow::new(&region, &Settings::default().days(30), None)?];
    /// // A thousandth of a per cent point of occupancy, in six replications: far from it.
    /// let until = Some(Precision { figure: Figure::Occupancy, half_width: 1e-5 });
    /// let plan = RunPlan { seed: Seed(1), replications: 6, until };
    /// let results = simulate(&flows, plan, &Control::default());
    /// let widest = results.widest().ok_or("it is reached")?;
    /// assert!(widest.half_width > 1e-5 && widest.needed > 1000);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn widest(&self) -> Option<Widest<'f>> {
        let until = self.plan().until?;
        let figure = until.figure;
        let mut widest: Option<Widest<'f>> = None;
        for (index, flow) in self.flows_with_indices() {
            let interval = self.to_be_sure(index, figure);
            let Some(half_width) = interval.and_then(|interval| interval.half_width) else {
                continue;
            };
            if half_width > widest.map_or(until.half_width, |widest| widest.half_width) {
                let times = (half_width / until.half_width).powi(2);
                let needed = (times * self.replications() as f64).ceil() as u64;
                widest = Some(Widest { flow: flow.name(), figure, half_width, needed });
            }
        }
        widest
    }
}

impl Results<'_, '_> {
    /// All flows, the base among them, by the sum of some figures of all hospitals inside, the lowest first; equal
    /// ones in their order. Empty without replications.
    ///
    /// Ranks are those of [`ranks`]: all pairs, paired by replication, Bonferroni.
    ///
    /// ```
    /// use verbund::Region;
    /// use verbund::files::Folder;
    /// use verbund::run::Control;
    /// use verbund::simulation::{Figure, PatientFlow, RunPlan, Settings, simulate};
    ///
    /// let model = Folder::small().read()?;
    /// let region = Region::new(&model, model.network.date())?;
    /// let settings = Settings::default().days(60).warm_up_days(30);
    /// let flows = [
    ///     PatientFlow::new(&region, &settings, None)?,
    ///     PatientFlow::new(&region, &settings, None)?,
    /// ];
    /// let results = simulate(&flows, RunPlan::default(), &Control::default());
    /// let ranked = results.ranked(&[Figure::Refused, Figure::DivertedAway]);
    /// // The same twice: not told apart.
    /// assert_eq!((ranked[0].rank.from, ranked[0].rank.to), (1, 2));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn ranked(&self, figures: &[Figure]) -> Vec<RankedFlow> {
        let mut values: Vec<Vec<f64>> = Vec::with_capacity(self.flows().len());
        for (flow, _) in self.flows_with_indices() {
            values.push(self.sums(flow, figures));
        }
        let ranks = ranks(&values);
        let mut ranked: Vec<RankedFlow> = Vec::with_capacity(values.len());
        for (flow, _) in self.flows_with_indices() {
            let figures_of_flow = &values[flow.0];
            let Some(value) = Interval::of(figures_of_flow) else { continue };
            // Against itself the base has no change, and every pair of equal values would be one.
            let is_base = flow == FlowIndex::BASE;
            let change = Interval::paired(&values[0], figures_of_flow).filter(|_| !is_base);
            let variance_factor =
                variance_reduction(&values[0], figures_of_flow).filter(|_| !is_base);
            let rank = ranks[flow.0];
            ranked.push(RankedFlow { flow, value, change, rank, variance_factor });
        }
        ranked.sort_by(|left, right| left.value.mean.total_cmp(&right.value.mean));
        ranked
    }

    /// The sum of some figures of all hospitals inside, by replication.
    fn sums(&self, flow: FlowIndex, figures: &[Figure]) -> Vec<f64> {
        let mut sums = vec![0.0; self.replications()];
        for figure in figures {
            for (sum, value) in sums.iter_mut().zip(self.values(flow, *figure, Scope::Inside)) {
                *sum += value;
            }
        }
        sums
    }
}
