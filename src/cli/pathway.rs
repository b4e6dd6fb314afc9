//! `verbund pathway`

use anyhow::bail;
use clap::Args;
use verbund::Region;
use verbund::comparison::{OutcomePair, PathwayShift, pathway_shifts_over_band};
use verbund::impact::{LinkUse, link_uses};
use verbund::model::{Means, Pathway, Urgency};
use verbund::pathways::{Outage, Outcome, Prepared, Protocol, When};
use verbund::report::{self, Document, GainsBy, PathwayBy};

use super::after::{Answered, ScenarioOptions};
use super::faults::Faults;
use super::faults::fault;
use super::query::{self, Asked, Asking};
use super::{Common, Ending, input, output};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Pathway to show with all its stages, by key or name [default: one row for each]
    pathway: Option<String>,
    #[command(flatten)]
    asking: Asking,
    /// What the rows are
    #[arg(long, value_enum, default_value_t = PathwayBy::Region)]
    by: PathwayBy,
    /// Ways to the first hospital instead of the pathway's, such as ambulance,helicopter
    #[arg(long, value_enum, value_name = "MEANS", value_delimiter = ',', requires = "pathway")]
    first_leg: Vec<Means>,
    /// Exit with code 1 when anybody has no way to the last stage
    #[arg(long)]
    fail_on_gap: bool,
    #[command(flatten)]
    after: ScenarioOptions,
}

pub(super) fn run(common: &Common, arguments: &Arguments) -> anyhow::Result<Ending> {
    arguments.asking.choice.check()?;
    if arguments.pathway.is_none() {
        if arguments.asking.choice.has_stage() {
            bail!(fault!(
                "--for needs a pathway: `verbund info --list pathways` shows their stages"
            ));
        }
        if arguments.by != PathwayBy::Region {
            bail!(fault!("--by needs a pathway: `verbund info --list pathways` shows all of them"));
        }
    }
    output::check(common)?;
    let networks = arguments.after.read(common)?;
    networks.answer(common, |region| asked(common, region, arguments))
}

/// What the flags ask of a region.
fn asked(common: &Common, region: &Region, arguments: &Arguments) -> anyhow::Result<Answered> {
    let mut faults = Faults::default();
    let pathway = match &arguments.pathway {
        Some(name) => faults.note(input::pathway(region, name)),
        None => None,
    };
    let asked = arguments.asking.choice.read(region, pathway, &mut faults);
    faults.tell()?;
    let (document, has_gap) = match pathway {
        None => every(arguments, region, &asked)?,
        Some(pathway) => with_stages(common, arguments, region, pathway, &asked)?,
    };
    Ok(Answered::new(document, Ending::finding_if(arguments.fail_on_gap && has_gap)))
}

/// A row for each pathway; and whether anybody has no way to the last stage of any.
fn every(
    arguments: &Arguments,
    region: &Region,
    asked: &Asked<'_>,
) -> anyhow::Result<(Document, bool)> {
    let query = asked.query.clone().when(arguments.asking.calls.when().unwrap_or_default());
    let mut faults = Faults::default();
    let pathways = query::pathways(region, &[], &mut faults);
    faults.tell()?;
    let added = asked.changes.added(region);
    let prepared: Vec<_> =
        pathways.iter().map(|pathway| Prepared::new(region, pathway, &added)).collect();
    let mut outcomes = Vec::with_capacity(prepared.len());
    for prepared in &prepared {
        outcomes.push(match prepared {
            Ok(prepared) => prepared.evaluate(&query),
            // A pathway with a stage that nobody can do keeps its row, with the reason in it.
            Err(error) => Err(error.clone()),
        });
    }
    let document = report::pathways_overview(region, &query, &outcomes);
    // One that cannot be evaluated leaves everybody without a way.
    let has_any_gap = outcomes.iter().any(|outcome| outcome.as_ref().map_or(true, has_gap));
    Ok((asked.changes.tell(document, region, &pathways), has_any_gap))
}

fn has_gap(outcome: &Outcome<'_, '_>) -> bool {
    outcome.stages().last().is_some_and(|last| last.without_way > 0.0)
}

/// What changes of cooperations do to a pathway.
struct Changed {
    shifts: Vec<PathwayShift>,
    /// What each added cooperation carries.
    added: Vec<LinkUse>,
    /// What each one carried that ends.
    ended: Vec<LinkUse>,
}

/// What the flags change in a pathway, under the protocols that they name; `None` where they change nothing.
fn changed(
    arguments: &Arguments,
    outcome: &Outcome<'_, '_>,
    asked: &Asked<'_>,
) -> anyhow::Result<Option<Changed>> {
    let (prepared, query) = (outcome.prepared(), outcome.query());
    let region = prepared.region();
    let added = asked.changes.added(region);
    if added.is_empty() && query.outage == Outage::default() {
        return Ok(None);
    }
    // That nobody could do a stage without what is added is what a reader wants to see.
    let before = Prepared::even_if_unmet(region, prepared.pathway(), &[])?;
    let protocols = protocols(arguments, prepared.pathway());
    let mut outcomes = Vec::with_capacity(protocols.len());
    for &protocol in &protocols {
        let query = query.clone().protocol(protocol);
        let then = before.evaluate(&query.clone().outage(Outage::default()))?;
        outcomes.push((then, prepared.evaluate(&query)?));
    }
    let mut pairs = Vec::with_capacity(outcomes.len());
    for (before, after) in &outcomes {
        pairs.push(OutcomePair { before, after });
    }
    let shifts = pathway_shifts_over_band(&pairs);
    let network = region.network();
    let ids: Vec<_> = (0..added.len()).map(|number| network.added_cooperation(number)).collect();
    let added = link_uses(prepared, &ids, query, &protocols)?;
    // As it was: with what ends, and without what is added.
    let mut outage = Outage::default();
    outage.cooperations.extend(ids);
    let out: Vec<_> = query.outage.cooperations.iter().copied().collect();
    let ended = link_uses(prepared, &out, &query.clone().outage(outage), &protocols)?;
    Ok(Some(Changed { shifts, added, ended }))
}

/// The protocols that the flags name, or both; patients of an elective pathway choose themselves.
fn protocols(arguments: &Arguments, pathway: &Pathway) -> Vec<Protocol> {
    if pathway.urgency == Urgency::Elective {
        return vec![Protocol::Free];
    }
    let (lead, beside) = arguments.asking.choice.protocols();
    std::iter::once(lead).chain(beside).collect()
}

/// The pathway with the changes, and before its tables who is sooner and later by them. CSV has one table: that of
/// the pathway, as without changes.
fn with_gains(
    common: &Common,
    outcome: &Outcome<'_, '_>,
    others: &[Outcome<'_, '_>],
    by: PathwayBy,
    changed: &Changed,
) -> Document {
    let what = "with these changes";
    let (prepared, region) = (outcome.prepared(), outcome.prepared().region());
    let mut sections = match by {
        PathwayBy::District => {
            return report::pathway_gains(outcome, &changed.shifts, GainsBy::District);
        }
        PathwayBy::Place if !common.is_one_table() => {
            report::gains(region, &changed.shifts, what, Some(GainsBy::Place))
        }
        PathwayBy::Region => report::gains(region, &changed.shifts, what, None),
        _ => Vec::new(),
    };
    if by == PathwayBy::Region {
        if !changed.added.is_empty() {
            sections.push(report::added_links(prepared, &changed.added));
        }
        if !changed.ended.is_empty() {
            sections.push(report::ended_links(prepared, &changed.ended));
        }
    }
    let mut document = report::pathway(outcome, others, by);
    sections.append(&mut document.sections);
    document.sections = sections;
    document
}

/// Behind the cooperations of a pathway those that carry nobody, with the reasons; CSV has one table only.
fn with_unused(
    common: &Common,
    arguments: &Arguments,
    outcome: &Outcome<'_, '_>,
    document: Document,
) -> anyhow::Result<Document> {
    if arguments.by != PathwayBy::Cooperation || common.is_one_table() {
        return Ok(document);
    }
    let (prepared, query) = (outcome.prepared(), outcome.query());
    let carried = outcome.loads().by_cooperation;
    let mut unused = prepared.relevant();
    unused.retain(|id| carried.get(id).is_none_or(|patients| patients.inside == 0.0));
    unused.retain(|id| !query.outage.cooperations.contains(id));
    if unused.is_empty() {
        return Ok(document);
    }
    let uses = link_uses(prepared, &unused, query, &protocols(arguments, prepared.pathway()))?;
    Ok(document.section(report::unused_links(prepared, &uses)))
}

/// One pathway with all its stages; and whether anybody has no way to the last one.
fn with_stages(
    common: &Common,
    arguments: &Arguments,
    region: &Region,
    pathway: &Pathway,
    asked: &Asked<'_>,
) -> anyhow::Result<(Document, bool)> {
    let mut pathway = pathway.clone();
    if !arguments.first_leg.is_empty() {
        pathway.first_leg.clear();
        for means in &arguments.first_leg {
            if !pathway.first_leg.contains(means) {
                pathway.first_leg.push(*means);
            }
        }
    }
    let added = asked.changes.added(region);
    let prepared = Prepared::new(region, &pathway, &added)?;
    let evaluate = |when: When| prepared.evaluate(&asked.query.clone().when(when));
    let when = arguments.asking.calls.when();
    let outcome = evaluate(when.unwrap_or_default())?;
    // Day and night only where they can differ.
    let beside: &[When] = match when {
        None if prepared.classes() > 1 => &[When::Day, When::Night],
        _ => &[],
    };
    let others = beside.iter().map(|&when| evaluate(when)).collect::<Result<Vec<_>, _>>()?;
    let document = match changed(arguments, &outcome, asked)? {
        Some(changed) => with_gains(common, &outcome, &others, arguments.by, &changed),
        None if arguments.by == PathwayBy::District => {
            bail!(fault!(
                "--by district shows who is sooner and later: add --add, --without or --hours"
            ))
        }
        None => report::pathway(&outcome, &others, arguments.by),
    };
    let document = with_unused(common, arguments, &outcome, document)?;
    Ok((asked.changes.tell(document, region, &[&pathway]), has_gap(&outcome)))
}
