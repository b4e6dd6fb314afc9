//! How long until treatment, by pathway.

use rayon::prelude::*;
use serde::Serialize;

use crate::model::{Pathway, UnknownSite};
use crate::pathways::{Outcome, PathwayError, Prepared, Query, StageTimes, TargetResult};
use crate::region::Region;

/// How long until treatment on one pathway, over everybody inside.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct PathwayFigures {
    /// The pathway.
    pub pathway: Pathway,
    /// Expected cases a year of people inside; `None` where the pathway does not say whose cases it takes.
    pub cases_inside: Option<f64>,
    /// The first door, then every stage, in order.
    pub stages: Vec<StageTimes>,
    /// How many meet each of the pathway's targets, in their order.
    pub targets: Vec<TargetResult>,
}

impl PathwayFigures {
    /// The figures of an outcome, without the bands of the travel times.
    pub fn of(outcome: &Outcome<'_, '_>) -> Self {
        Self {
            pathway: outcome.prepared().pathway().clone(),
            cases_inside: cases_inside(outcome),
            stages: outcome.stages(),
            targets: outcome.targets(),
        }
    }

    /// The figures of some outcomes of one region, each share with its band. It costs about three times as much as without,
    /// and a copy of the region's lists of journeys.
    pub fn over_band(
        outcomes: &[Result<Outcome<'_, '_>, PathwayError>],
    ) -> Vec<Result<Self, PathwayError>> {
        let mut known = Vec::with_capacity(outcomes.len());
        for outcome in outcomes.iter().flatten() {
            known.push(outcome);
        }
        let mut figures = Self::of_each(&known).into_iter();
        let mut results = Vec::with_capacity(outcomes.len());
        for outcome in outcomes {
            match outcome {
                Ok(_) => {
                    if let Some(figures) = figures.next() {
                        results.push(Ok(figures));
                    }
                }
                Err(error) => results.push(Err(error.clone())),
            }
        }
        results
    }

    /// The figures of outcomes of one region, with their bands.
    fn of_each(outcomes: &[&Outcome<'_, '_>]) -> Vec<Self> {
        let mut figures: Vec<Self> = outcomes.par_iter().map(|outcome| Self::of(outcome)).collect();
        let Some(first) = outcomes.first() else { return figures };
        // All of them at one end, then at the other: each end is a copy of all journeys of a country.
        let ends = first.prepared().region().at_ends(|region| {
            let in_region = |outcome: &&Outcome<'_, '_>| outcome.targets_in(region);
            outcomes.par_iter().map(in_region).collect::<Vec<_>>()
        });
        let Some(ends) = ends else { return figures };
        for (number, figures) in figures.iter_mut().enumerate() {
            // What is stated moves out and comes back with its band.
            let stated = std::mem::take(&mut figures.targets);
            let at_ends = ends.map(|targets| targets[number].clone());
            figures.targets = TargetResult::with_bands(stated, Some(at_ends));
        }
        figures
    }
}

/// Expected cases a year of people inside, summed in the order of the region's parts.
fn cases_inside(outcome: &Outcome<'_, '_>) -> Option<f64> {
    let region = outcome.prepared().region();
    let mut sum = 0.0;
    for (part, cases) in region.parts().iter().zip(outcome.cases()?) {
        if !region.place(part.place).outside {
            sum += cases;
        }
    }
    Some(sum)
}

/// Every pathway of the catalog, in its order, as a query asks: by the fastest way over the whole week, unless it
/// says otherwise; shares in time with their bands. An error where nobody in the network can do a stage.
///
/// ```
/// use verbund::Region;
/// use verbund::overview::pathway_figures;
/// use verbund::pathways::Query;
///
/// let figures = pathway_figures(&Region::leipzig()?, &Query::default());
/// let stroke = figures[0].as_ref().map_err(Clone::clone)?;
/// assert_eq!(stroke.pathway.key, "stroke");
/// assert!(stroke.targets.iter().all(|target| target.share.is_some()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn pathway_figures(
    region: &Region,
    query: &Query,
) -> Vec<Result<PathwayFigures, PathwayError>> {
    figures_of(&prepared(region), query)
}

type AllPrepared<'r> = Vec<Result<Prepared<'r>, PathwayError>>;

/// Every pathway of the catalog, ready to be asked.
fn prepared(region: &Region) -> AllPrepared<'_> {
    let pathways = &region.network().catalog().pathways;
    pathways.par_iter().map(|pathway| Prepared::new(region, pathway, &[])).collect()
}

/// The figures of pathways as a query asks, with their bands.
fn figures_of(
    prepared: &AllPrepared<'_>,
    query: &Query,
) -> Vec<Result<PathwayFigures, PathwayError>> {
    let evaluate = |prepared| evaluated(prepared, query);
    let outcomes: Vec<_> = prepared.par_iter().map(evaluate).collect();
    PathwayFigures::over_band(&outcomes)
}

fn evaluated<'p, 'r>(
    prepared: &'p Result<Prepared<'r>, PathwayError>,
    query: &Query,
) -> Result<Outcome<'p, 'r>, PathwayError> {
    prepared.as_ref().map_err(Clone::clone)?.evaluate(query)
}

/// Every pathway of the catalog by the fastest way over the whole week, and the hospitals of which the data do
/// not say whether they can do some stage.
pub(super) fn pathways(
    region: &Region,
) -> (Vec<Result<PathwayFigures, PathwayError>>, Vec<UnknownSite>) {
    let prepared = prepared(region);
    let figures = figures_of(&prepared, &Query::default());

    // A hospital that several pathways know too little of is named once, with all of it.
    let mut unknown = Vec::new();
    for prepared in prepared.iter().flatten() {
        unknown.extend(prepared.unknown_sites());
    }
    (figures, UnknownSite::merged(unknown))
}
