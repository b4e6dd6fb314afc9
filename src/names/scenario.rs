//! Names in scenario files: what the command line takes, a file takes.

use std::collections::{BTreeMap, BTreeSet};

use super::{Entry, NameError, pick_from};
use crate::model::{Network, Places};
use crate::scenario::{Refers, ScenarioDraft};

/// Different names that are looked up at most; what a file names beyond them must be a key.
const MOST_NAMES: usize = 1_000;

/// Puts the keys in the place of the names by which scenarios mean hospitals, places and cooperations, as the
/// command line does: an incident at `"Grimma"`, the closure of `"Torgau"`.
///
/// A key that is there, or that one of the scenarios adds, is taken as it is. A name that could mean several
/// things stays, and [`ScenarioDraft::check`] names the choice; one that means nothing stays, too, and is
/// unknown there.
///
/// ```
/// use verbund::files::Folder;
/// use verbund::scenario::ScenarioDraft;
/// use verbund::names;
///
/// let model = Folder::leipzig().read()?;
/// let network = model.network.as_of(model.network.date());
/// let text = r#"(format: 1, id: "grimma", name: "An accident", source: "invented", changes: [
///     (on: "2026-02-01", reason: "an example", change: Incident(place: "Grimma", red: 2, yellow: 5, green: 9)),
/// ])"#;
/// let mut drafts = vec![ScenarioDraft::read(text, "grimma.ron", &network)];
/// names::put_keys(&mut drafts, &network, &model.places);
/// let found = ScenarioDraft::check(drafts, &network, &model.places)?;
/// assert_eq!(found[0].changes[0].change.name(), "Incident");
/// # Ok::<(), verbund::problem::Problems>(())
/// ```
pub fn put_keys(drafts: &mut [ScenarioDraft], network: &Network, places: &Places) {
    let keys = keys(drafts, network, places);
    let mut known: BTreeMap<(Refers, String), Result<Option<String>, String>> = BTreeMap::new();
    let mut key_of = |refers: Refers, text: &str| {
        let asked = (refers, text.to_owned());
        if keys.contains(&asked) || text.trim().is_empty() {
            return Ok(None);
        }
        // A scenario names the same hospital in many changes.
        if let Some(answer) = known.get(&asked) {
            return answer.clone();
        }
        // A look-up goes through every name there is: of a file with a million wrong ones it would take
        // hours.
        if known.len() >= MOST_NAMES {
            return Ok(None);
        }
        let answer = look_up(refers, text, network, places);
        known.insert(asked, answer.clone());
        answer
    };
    for draft in drafts {
        draft.put_keys(&mut key_of);
    }
}

/// The keys that there are, and those that the scenarios add.
fn keys(
    drafts: &[ScenarioDraft],
    network: &Network,
    places: &Places,
) -> BTreeSet<(Refers, String)> {
    let mut keys = BTreeSet::new();
    for hospital in network.hospitals() {
        keys.insert((Refers::Hospital, hospital.key.clone()));
    }
    for cooperation in network.cooperations() {
        keys.insert((Refers::Cooperation, cooperation.key.clone()));
    }
    for place in &places.places {
        keys.insert((Refers::Place, place.key.clone()));
    }
    for draft in drafts {
        for (refers, key) in draft.added() {
            // No scenario adds places: one that is added as something else is none.
            if refers != Refers::Place {
                keys.insert((refers, key.to_owned()));
            }
        }
    }
    keys
}

/// The key of the thing that a text means.
fn key_among<'t, T>(word: &'static str, text: &str, things: &'t [T]) -> Result<String, NameError>
where
    Entry<'t>: From<&'t T>,
{
    let index = pick_from(word, text, things)?;
    Ok(Entry::from(&things[index]).key.to_owned())
}

/// The key that a text means; an error where it could mean several things.
fn look_up(
    refers: Refers,
    text: &str,
    network: &Network,
    places: &Places,
) -> Result<Option<String>, String> {
    let word = refers.word();
    let meant = match refers {
        Refers::Hospital => key_among(word, text, network.hospitals()),
        Refers::Place => key_among(word, text, &places.places),
        Refers::Cooperation => key_among(word, text, network.cooperations()),
    };
    match meant {
        Ok(key) => Ok(Some(key)),
        Err(error @ NameError::Ambiguous { .. }) => Err(error.to_string()),
        Err(NameError::Unknown { .. }) => Ok(None),
    }
}
