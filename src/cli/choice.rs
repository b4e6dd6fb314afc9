//! `--choice`: how patients choose a hospital, of the models that a command takes.

use clap::ValueEnum;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use verbund::routing::ChoiceModel;

/// A model of choice, or none: then where cases go is left out. A name of its own, because clap takes an `Option`
/// for a flag that may be missing.
pub(super) type Followed = Option<ChoiceModel>;

/// What leaves out where cases go.
const NONE: &str = "none";
/// The models of commands that know no overflow.
const PLAIN: [ChoiceModel; 2] = [ChoiceModel::Nearest, ChoiceModel::Huff];

fn values() -> Vec<PossibleValue> {
    PLAIN.iter().filter_map(ValueEnum::to_possible_value).collect()
}

fn model(name: &str) -> Followed {
    ChoiceModel::from_str(name, false).ok()
}

/// Takes the nearest hospital or shares by beds and time.
pub(super) fn plain() -> impl TypedValueParser<Value = ChoiceModel> {
    // Only names of models pass the list before.
    PossibleValuesParser::new(values()).map(|name| model(&name).unwrap_or(ChoiceModel::Huff))
}

/// Takes these, or none.
pub(super) fn followed() -> impl TypedValueParser<Value = Followed> {
    let help = "Leave out where they go: no occupancy, and much faster";
    let mut values = values();
    values.push(PossibleValue::new(NONE).help(help));
    PossibleValuesParser::new(values).map(|name| model(&name))
}
