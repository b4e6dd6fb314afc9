//! `verbund report`

use std::collections::BTreeMap;

use clap::Args;
use verbund::Region;
use verbund::comparison::Base;
use verbund::model::{Folder, Model, Moment};
use verbund::report::{self, ScenarioChange};
use verbund::routing::{Choice, Huff};

use super::compare::usual_moment;
use super::scenarios::{checked, day_before};
use super::{Common, input, output};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Who reaches care, the worst places, single points of failure and pairs at this moment, such as "Sat 03:00":
    /// only what is open then counts; all else stays that of the whole week
    #[arg(long, value_name = "MOMENT")]
    at: Option<Moment>,
}

pub(super) fn run(common: &Common, arguments: &Arguments) -> anyhow::Result<bool> {
    output::check(common)?;
    let folder = input::folder(common)?;
    let (model, region) = input::region(common)?;
    let (scenarios, left_out) = scenarios(&folder, (&model, &region))?;
    let region = match arguments.at {
        Some(moment) => region.in_hour(moment.hour),
        None => region,
    };
    let document = report::overview((&model, &region), (&scenarios, &left_out))?;
    output::print(common, &document)?;
    Ok(true)
}

/// What the scenarios that the network brings change, and why others are left out.
fn scenarios(
    folder: &Folder,
    (model, region): (&Model, &Region),
) -> anyhow::Result<(Vec<ScenarioChange>, Vec<String>)> {
    let (mut changes, mut left_out) = (Vec::new(), BTreeMap::<&str, Vec<String>>::new());
    let mut base = None;
    for key in folder.scenarios()? {
        let draft = verbund::scenario::ScenarioDraft::in_folder(&folder, &key, region.network());
        let is_earlier = day_before(std::slice::from_ref(&draft), region.network());
        let scenario = checked(vec![draft], (region.network(), &model.places));
        let Some(scenario) = scenario.ok().and_then(|mut found| found.pop()) else {
            let why = match is_earlier {
                Some(_) => "earlier than the network: verbund compare --scenario",
                None => "with a fault: verbund check --scenario",
            };
            left_out.entry(why).or_default().push(key);
            continue;
        };
        if scenario.passing().changes.len() == scenario.changes.len() {
            left_out.entry("pass: verbund simulate --scenario").or_default().push(key);
            continue;
        }
        let at = usual_moment(&[&scenario], region.network().date());
        let Ok(after) = region.apply(&[&scenario], at) else {
            left_out.entry("cannot be measured").or_default().push(key);
            continue;
        };
        let base = if let Some(base) = &base {
            base
        } else {
            let standards = &region.network().catalog().standards;
            base.insert(Base::new(region, standards, Choice::Huff(Huff::default()))?)
        };
        let found = base.compare(&after)?;
        changes.push(ScenarioChange { scenario, at, found });
    }
    let left_out = left_out.iter().map(|(why, keys)| format!("{} ({why})", keys.join(", ")));
    Ok((changes, left_out.collect()))
}
