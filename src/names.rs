//! Finding things by the name that a person types.

mod scenario;

pub use scenario::put_keys;

/// A name that fits nothing, or several things.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NameError {
    /// Nothing is called so.
    #[error("unknown {what} \"{name}\"{}", hint(.closest.as_slice(), "did you mean"))]
    Unknown {
        /// What was looked for: `place`, `hospital`.
        what: &'static str,
        /// What was typed.
        name: String,
        /// The closest name, if one is close.
        closest: Vec<String>,
    },
    /// Several things are called so, or start so.
    #[error("\"{name}\" is more than one {what}{}", hint(.candidates.as_slice(), "say which one:"))]
    Ambiguous {
        /// What was looked for: `place`, `hospital`.
        what: &'static str,
        /// What was typed.
        name: String,
        /// The first of them, at most eight.
        candidates: Vec<String>,
    },
}

fn hint(names: &[String], words: &str) -> String {
    if names.is_empty() {
        return String::new();
    }
    let names: Vec<String> = names.iter().map(|name| format!("\"{name}\"")).collect();
    let end = if words.ends_with(':') { "" } else { "?" };
    format!("; {words} {}{end}", names.join(", "))
}

/// A name as it is compared: lower case, umlauts as plain letters (`ä` and `ae` both as `a`, `ß`
/// and `ss` both as `s`), and every run of anything but letters and digits as one space.
///
/// ```
/// use verbund::names::fold;
///
/// assert_eq!(fold("Bad Düben"), fold("bad dueben"));
/// assert_eq!(fold("Leipzig-Grünau-Ost"), fold("leipzig grunau ost"));
/// assert_eq!(fold("Großpösna"), "grosposna");
/// ```
pub fn fold(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for letter in name.chars().flat_map(char::to_lowercase) {
        match letter {
            'ä' | 'à' | 'á' | 'â' => out.push('a'),
            'ö' | 'ó' | 'ô' => out.push('o'),
            'ü' | 'ú' | 'û' => out.push('u'),
            'é' | 'è' | 'ê' => out.push('e'),
            'ß' => out.push('s'),
            letter if letter.is_alphanumeric() => out.push(letter),
            _ if !out.ends_with(' ') => out.push(' '),
            _ => {}
        }
    }
    let out = out.replace("ae", "a").replace("oe", "o").replace("ue", "u").replace("ss", "s");
    out.trim().to_owned()
}

/// The index of the entry that a typed name means, among pairs of key and name.
///
/// An exact key wins, then an equal name, then the only name that starts with or, failing that,
/// contains what was typed. Names are compared by [`fold`].
///
/// # Errors
///
/// When nothing fits, or several do.
pub fn find<'a>(
    what: &'static str,
    typed: &str,
    entries: impl Iterator<Item = (&'a str, &'a str)>,
) -> Result<usize, NameError> {
    let entries: Vec<(&str, &str)> = entries.collect();
    if let Some(index) = entries.iter().position(|(key, _)| *key == typed) {
        return Ok(index);
    }
    let wanted = fold(typed);
    let folded: Vec<(String, String)> =
        entries.iter().map(|(key, name)| (fold(key), fold(name))).collect();
    let matching = |fits: &dyn Fn(&str) -> bool| -> Vec<usize> {
        let fits = |index: &usize| fits(&folded[*index].0) || fits(&folded[*index].1);
        (0..folded.len()).filter(fits).collect()
    };
    if !wanted.is_empty() {
        let equal = matching(&|name| name == wanted);
        let starting = matching(&|name| name.starts_with(&wanted));
        let containing = matching(&|name| name.contains(&wanted));
        for found in [equal, starting, containing] {
            match found.as_slice() {
                [] => {}
                [only] => return Ok(*only),
                several => {
                    let names = several.iter().take(8).map(|&index| {
                        let (key, name) = entries[index];
                        format!("{name} ({key})")
                    });
                    return Err(NameError::Ambiguous {
                        what,
                        name: typed.to_owned(),
                        candidates: names.collect(),
                    });
                }
            }
        }
    }
    let closest = |of: &dyn Fn(&(String, String)) -> &str| {
        let near = crate::model::closest(&wanted, folded.iter().map(of))?;
        folded.iter().position(|entry| of(entry) == near)
    };
    let closest = if wanted.is_empty() {
        None
    } else {
        closest(&|entry| entry.1.as_str()).or_else(|| closest(&|entry| entry.0.as_str()))
    };
    let closest = closest.map(|index| entries[index].1.to_owned());
    Err(NameError::Unknown { what, name: typed.to_owned(), closest: closest.into_iter().collect() })
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLACES: [(&str, &str); 5] = [
        ("1", "Torgau"),
        ("2", "Bad Düben"),
        ("3", "Leipzig-Grünau-Ost"),
        ("4", "Leipzig-Zentrum"),
        ("5", "Leipzig-Zentrum-Ost"),
    ];

    fn look(typed: &str) -> Result<usize, NameError> {
        find("place", typed, PLACES.iter().copied())
    }

    #[test]
    fn umlauts_can_be_typed_in_three_ways() {
        for typed in ["Bad Düben", "bad dueben", "BAD DUBEN", "düb", "2"] {
            assert_eq!(look(typed), Ok(1), "{typed}");
        }
        assert_eq!(look("leipzig gruenau ost"), Ok(2));
    }

    #[test]
    fn an_equal_name_wins_over_a_longer_one() {
        assert_eq!(look("leipzig zentrum"), Ok(3));
    }

    #[test]
    fn several_and_no_candidates_are_told() {
        let error = look("Leipzig").unwrap_err().to_string();
        assert_eq!(
            error,
            "\"Leipzig\" is more than one place; say which one: \"Leipzig-Grünau-Ost (3)\", \
             \"Leipzig-Zentrum (4)\", \"Leipzig-Zentrum-Ost (5)\""
        );
        let error = look("Torgua").unwrap_err().to_string();
        assert_eq!(error, "unknown place \"Torgua\"; did you mean \"Torgau\"?");
        assert_eq!(look("").unwrap_err().to_string(), "unknown place \"\"");
    }
}
