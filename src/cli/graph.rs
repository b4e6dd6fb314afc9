//! `verbund graph`

use anyhow::bail;
use clap::Args;
use verbund::Region;
use verbund::model::{CooperationGraph, GraphFilter, Model, Network};
use verbund::report::render::{Format, graph_as};
use verbund::report::{self, GraphQuestion};
use verbund::said;
use verbund::words;

use super::after::{Answered, ScenarioOptions};
use super::faults::fault;
use super::{Common, Ending, input, output, query};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Show the partners of this hospital, by key or name
    hospital: Option<String>,
    /// Only cooperations that cover this field, such as neurology
    #[arg(long, value_name = "FIELD")]
    field: Option<String>,
    /// Show who depends on whom for the field
    #[arg(long, requires = "field", conflicts_with = "hospital")]
    dependences: bool,
    /// Only cooperations that can change what happens to a patient
    #[arg(long)]
    only_care: bool,
    /// Only cooperations whose kind and partners are published
    #[arg(long)]
    only_sourced: bool,
    #[command(flatten)]
    after: ScenarioOptions,
}

pub(super) fn run(common: &Common, arguments: &Arguments) -> anyhow::Result<Ending> {
    output::check(common)?;
    let networks = arguments.after.read(common)?;
    if let (Format::GraphMl | Format::Dot | Format::GeoJson, true) =
        (common.format, arguments.is_of_all())
    {
        return print_drawn(common, arguments, &networks.one_region()?);
    }
    networks.answer(common, |region| asked(&networks.model, region, arguments))
}

impl Arguments {
    /// Whether the whole graph is asked for.
    fn is_of_all(&self) -> bool {
        self.hospital.is_none() && !self.dependences
    }

    fn filter(&self, region: &Region) -> anyhow::Result<GraphFilter> {
        let mut filter = GraphFilter::default()
            .only_with_effect_on_care(self.only_care)
            .only_sourced(self.only_sourced);
        if let Some(typed) = &self.field {
            filter.field = Some(query::field(region.network(), typed)?);
        }
        Ok(filter)
    }
}

/// Prints the network itself, for programs that draw it.
fn print_drawn(common: &Common, arguments: &Arguments, region: &Region) -> anyhow::Result<Ending> {
    if common.all_tables.is_some() {
        bail!(fault!("--all-tables: a graph is one file; take --output"));
    }
    let filter = arguments.filter(region)?;
    let graph = CooperationGraph::new(region.network(), &filter);
    output::print_text(common, &graph_as(common.format, &graph)?)?;
    Ok(Ending::Done)
}

/// What the flags ask of a region.
fn asked(model: &Model, region: &Region, arguments: &Arguments) -> anyhow::Result<Answered> {
    let network = region.network();
    let filter = arguments.filter(region)?;
    let question = match (&arguments.hospital, filter.field.clone()) {
        (Some(name), _) => GraphQuestion::Partners(input::hospital(model, region, name)?),
        (None, Some(field)) if arguments.dependences => GraphQuestion::Dependences(field),
        _ => GraphQuestion::Shape,
    };
    let graph = CooperationGraph::new(network, &filter);
    let mut document = report::graph(region, &graph, &question);
    if let Some(only) = only(region.network(), &filter) {
        document = document.about("only", only);
    }
    Ok(Answered::done(document))
}

/// Which cooperations are looked at, for readers; `None` when all are.
fn only(network: &Network, filter: &GraphFilter) -> Option<String> {
    let mut conditions = Vec::new();
    if let Some(field) = &filter.field {
        conditions.push(said!("cover {field}", field = network.catalog().name_in_print(field)));
    }
    if filter.only_with_effect_on_care {
        conditions.push(words::of_in("graph", "can change care").into_owned());
    }
    if filter.only_sourced {
        conditions.push(said!("are published with kind and partners"));
    }
    if conditions.is_empty() {
        return None;
    }
    Some(said!("cooperations that {conditions}", conditions = conditions.join(&words::of(" and "))))
}
