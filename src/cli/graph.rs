//! `verbund graph`

use clap::Args;
use verbund::Region;
use verbund::model::{CooperationGraph, GraphFilter, Model};
use verbund::report::{self, GraphQuestion};

use super::after::{Answered, ScenarioOptions};
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
    networks.answer(common, |region| asked(&networks.model, region, arguments))
}

/// What the flags ask of a region.
fn asked(model: &Model, region: &Region, arguments: &Arguments) -> anyhow::Result<Answered> {
    let network = region.network();
    let field = match &arguments.field {
        Some(typed) => Some(query::field(network, typed)?),
        None => None,
    };
    let mut filter = GraphFilter::default()
        .only_with_effect_on_care(arguments.only_care)
        .only_sourced(arguments.only_sourced);
    filter.field.clone_from(&field);
    let question = match (&arguments.hospital, field) {
        (Some(name), _) => GraphQuestion::Partners(input::hospital(model, region, name)?),
        (None, Some(field)) if arguments.dependences => GraphQuestion::Dependences(field),
        _ => GraphQuestion::Shape,
    };
    let graph = CooperationGraph::new(network, &filter);
    let mut document = report::graph(region, &graph, &question);
    if let Some(only) = only(&filter) {
        document = document.about("only", only);
    }
    Ok(Answered::done(document))
}

/// Which cooperations are looked at, for readers; `None` when all are.
fn only(filter: &GraphFilter) -> Option<String> {
    let mut conditions = Vec::new();
    if let Some(field) = &filter.field {
        conditions.push(format!("cover {field}"));
    }
    if filter.only_with_effect_on_care {
        conditions.push("can change care".to_owned());
    }
    if filter.only_sourced {
        conditions.push("are published with kind and partners".to_owned());
    }
    if conditions.is_empty() {
        return None;
    }
    Some(format!("cooperations that {}", conditions.join(" and ")))
}
