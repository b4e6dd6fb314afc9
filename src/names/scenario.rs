//! Names in scenario files: what the command line takes, a file takes.

use std::collections::{BTreeMap, BTreeSet};

use super::{NameError, pick_from};
use crate::model::{Network, Places, Refers, ScenarioDraft};

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
/// use verbund::model::{Folder, ScenarioDraft};
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
/// # Ok::<(), verbund::model::Problems>(())
/// ```
pub fn put_keys(drafts: &mut [ScenarioDraft], network: &Network, places: &Places) {
    let mut hospitals: BTreeSet<String> =
        network.hospitals().iter().map(|hospital| hospital.key.clone()).collect();
    let mut cooperations: BTreeSet<String> =
        network.cooperations().iter().map(|cooperation| cooperation.key.clone()).collect();
    for (refers, key) in drafts.iter().flat_map(ScenarioDraft::added) {
        match refers {
            Refers::Hospital => hospitals.insert(key.to_owned()),
            Refers::Cooperation => cooperations.insert(key.to_owned()),
            Refers::Place => false,
        };
    }
    let place_keys: BTreeSet<&str> = places.places.iter().map(|place| place.key.as_str()).collect();
    let mut known: BTreeMap<(Refers, String), Result<Option<String>, String>> = BTreeMap::new();
    let mut key_of = |refers: Refers, text: &str| {
        let is_key = match refers {
            Refers::Hospital => hospitals.contains(text),
            Refers::Cooperation => cooperations.contains(text),
            Refers::Place => place_keys.contains(text),
        };
        if is_key || text.trim().is_empty() {
            return Ok(None);
        }
        let asked = (refers, text.to_owned());
        if let Some(answer) = known.get(&asked) {
            return answer.clone();
        }
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

/// The key that a text means; an error where it could mean several things.
fn look_up(
    refers: Refers,
    text: &str,
    network: &Network,
    places: &Places,
) -> Result<Option<String>, String> {
    let (hospitals, cooperations) = (network.hospitals(), network.cooperations());
    let word = refers.word();
    let found = match refers {
        Refers::Hospital => {
            pick_from(word, text, hospitals).map(|index| hospitals[index].key.clone())
        }
        Refers::Place => {
            pick_from(word, text, &places.places).map(|index| places.places[index].key.clone())
        }
        Refers::Cooperation => {
            pick_from(word, text, cooperations).map(|index| cooperations[index].key.clone())
        }
    };
    match found {
        Ok(key) => Ok(Some(key)),
        Err(error @ NameError::Ambiguous { .. }) => Err(error.to_string()),
        Err(NameError::Unknown { .. }) => Ok(None),
    }
}
