//! Finding things by the name that a person types: one rule for places, hospitals, standards and all
//! else that has a key.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::model::renamed::todays_key;
use crate::model::{
    Alliance, Cooperation, Hospital, MinimumVolume, Pathway, Place, Provision, Standard,
};
use crate::words;

mod scenario;

pub use scenario::put_keys;

/// A name that fits nothing, or several things.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NameError {
    /// Nothing is called so.
    #[error("{}", said!("unknown {what} \"{name}\"{suggestion}", what = words::of(what), name, suggestion = suggestion(closest)))]
    Unknown {
        /// What was looked for: `place`, `hospital`.
        what: &'static str,
        /// What was typed.
        name: String,
        /// The closest name, if one is close; typed as it stands, it is found.
        closest: Vec<String>,
    },
    /// Several things are called so, or start so.
    #[error("{}", said!("\"{name}\" is more than one {what}; say which one: {choices}", name, what = words::of(what), choices = choices(candidates, *count)))]
    Ambiguous {
        /// What was looked for: `place`, `hospital`.
        what: &'static str,
        /// What was typed.
        name: String,
        /// The first of them, at most eight, as [`Entry::label`] tells them; typed as it stands, each
        /// is found.
        candidates: Vec<String>,
        /// How many there are in all.
        count: usize,
    },
}

/// Candidates that an error lists at most.
const LISTED: usize = 8;

fn quoted(names: &[String]) -> String {
    let mut text = String::new();
    for name in names {
        let comma = if text.is_empty() { "" } else { ", " };
        text.push_str(&format!("{comma}\"{name}\""));
    }
    text
}

fn suggestion(closest: &[String]) -> String {
    if closest.is_empty() {
        return String::new();
    }
    said!("; did you mean {choices}?", choices = quoted(closest))
}

fn choices(candidates: &[String], count: usize) -> String {
    match count.saturating_sub(candidates.len()) {
        0 => quoted(candidates),
        more => said!("{listed} and {more} more", listed = quoted(candidates), more),
    }
}

/// A name as it is compared in the end: lower case, letters without their marks (`ä`, `ae` and `a`
/// with a combining mark all as `a`, `ß` and `ss` both as `s`), and every run of anything but letters
/// and digits as one space.
///
/// ```
/// use verbund::names::fold;
///
/// assert_eq!(fold("Bad Düben"), fold("bad dueben"));
/// assert_eq!(fold("Leipzig-Grünau-Ost"), fold("leipzig grunau ost"));
/// assert_eq!(fold("Bo\u{308}hlitz"), fold("Böhlitz")); // as a Mac writes it
/// assert_eq!(fold("Großpösna"), "grosposna");
/// ```
pub fn fold(name: &str) -> String {
    let folded = spell_out(name);
    folded.replace("ae", "a").replace("oe", "o").replace("ue", "u").replace("ss", "s")
}

/// The name in lower case, its letters composed: whether `ö` was written as one character or as two
/// makes no difference.
fn compose(name: &str) -> String {
    name.nfc().flat_map(char::to_lowercase).nfc().collect()
}

/// Lower case, umlauts as two letters, other letters without their marks, and every run of anything
/// but letters and digits as one space.
pub(crate) fn spell_out(name: &str) -> String {
    let mut spelled = String::with_capacity(name.len());
    for letter in compose(name).chars() {
        match letter {
            'ä' | 'æ' => spelled.push_str("ae"),
            'ö' | 'ø' | 'œ' => spelled.push_str("oe"),
            'ü' => spelled.push_str("ue"),
            'ß' => spelled.push_str("ss"),
            'ł' => spelled.push('l'),
            'đ' | 'ð' => spelled.push('d'),
            'ı' => spelled.push('i'),
            letter => {
                // Compatibility forms too: a ligature, a full-width letter, a no-break space.
                let plain = std::iter::once(letter).nfkd().filter(|part| !is_combining_mark(*part));
                for part in plain {
                    if part.is_alphanumeric() {
                        spelled.push(part);
                    } else if !spelled.ends_with(' ') {
                        spelled.push(' ');
                    }
                }
            }
        }
    }
    spelled.trim().to_owned()
}

/// Something that a typed name can mean.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entry<'a> {
    /// Its key, unique among the entries.
    pub key: &'a str,
    /// What it is called, in every language; the first one stands in messages.
    pub names: Vec<&'a str>,
    /// The town that it lies in, which may be typed for it where nothing else there is meant.
    pub city: Option<&'a str>,
    /// The district that is told beside its key where several things fit.
    pub district: Option<&'a str>,
    /// Whether it is meant where several fit and it is the only preferred one of them.
    pub is_preferred: bool,
    /// Whether messages suggest its key instead of its name: for what people know by keys.
    pub is_known_by_key: bool,
}

impl<'a> Entry<'a> {
    /// An entry with one name.
    pub fn new(key: &'a str, name: &'a str) -> Self {
        Self { key, names: vec![name], ..Self::default() }
    }

    /// Adds one more name.
    #[must_use]
    pub fn or(mut self, name: &'a str) -> Self {
        self.names.push(name);
        self
    }

    /// Sets the city.
    #[must_use]
    pub fn city(mut self, city: Option<&'a str>) -> Self {
        self.city = city;
        self
    }

    /// Sets the district; an empty one is none.
    #[must_use]
    pub fn district(mut self, district: Option<&'a str>) -> Self {
        self.district = district.filter(|district| !district.is_empty());
        self
    }

    /// Says whether it is preferred.
    #[must_use]
    pub fn preferred(mut self, is_preferred: bool) -> Self {
        self.is_preferred = is_preferred;
        self
    }

    /// Has messages suggest its key instead of its name.
    #[must_use]
    pub fn known_by_key(mut self) -> Self {
        self.is_known_by_key = true;
        self
    }

    /// How messages tell it from others: `name (key, district)`; a key that is the name stands alone.
    pub fn label(&self) -> String {
        self.labels().pop().unwrap_or_else(|| self.key.to_owned())
    }

    /// Its first name with key, with district as headings have it, then with both.
    fn labels(&self) -> Vec<String> {
        let key = self.key;
        // A key that is the name says nothing beside it.
        let name = self.names.first().filter(|name| **name != key);
        match (name, self.district) {
            (Some(name), Some(district)) => vec![
                format!("{name} ({key})"),
                format!("{name} ({district})"),
                format!("{name} ({key}, {district})"),
            ],
            (Some(name), None) => vec![format!("{name} ({key})")],
            (None, Some(district)) => vec![format!("{key} ({district})")],
            (None, None) => Vec::new(),
        }
    }

    /// Whether any of what it is called in full passes: key, names, and what messages call it.
    fn any_in_full(&self, passes: impl Fn(&str) -> bool) -> bool {
        self.any_name(&passes) || self.labels().iter().any(|text| passes(text))
    }

    /// Whether its key or any name passes.
    fn any_name(&self, passes: impl Fn(&str) -> bool) -> bool {
        passes(self.key) || self.names.iter().any(|name| passes(name))
    }
}

impl<'a> From<&'a Hospital> for Entry<'a> {
    /// A hospital with its city and district; one with inpatients is preferred.
    fn from(hospital: &'a Hospital) -> Self {
        Self::new(&hospital.key, &hospital.name)
            .city(hospital.city.as_deref())
            .district(hospital.district.as_deref())
            .preferred(hospital.kind.has_inpatients())
    }
}

impl<'a> From<&'a Place> for Entry<'a> {
    fn from(place: &'a Place) -> Self {
        Self::new(&place.key, &place.name).district(Some(&place.district))
    }
}

impl<'a> From<&'a Cooperation> for Entry<'a> {
    /// A cooperation has no name beside its key.
    fn from(cooperation: &'a Cooperation) -> Self {
        Self::new(&cooperation.key, &cooperation.key)
    }
}

impl<'a> From<&'a Alliance> for Entry<'a> {
    fn from(alliance: &'a Alliance) -> Self {
        Self::new(&alliance.key, &alliance.name)
    }
}

impl<'a> From<&'a Standard> for Entry<'a> {
    fn from(standard: &'a Standard) -> Self {
        Self::new(&standard.key, &standard.name).or(&standard.name_de).known_by_key()
    }
}

impl<'a> From<&'a Pathway> for Entry<'a> {
    fn from(pathway: &'a Pathway) -> Self {
        Self::new(&pathway.key, &pathway.name).or(&pathway.name_de)
    }
}

impl<'a> From<&'a Provision> for Entry<'a> {
    fn from(provision: &'a Provision) -> Self {
        Self::new(&provision.key, &provision.name).or(&provision.name_de).known_by_key()
    }
}

impl<'a> From<&'a MinimumVolume> for Entry<'a> {
    fn from(service: &'a MinimumVolume) -> Self {
        Self::new(&service.key, &service.name).or(&service.name_de)
    }
}

/// How a typed name can fit, the best first.
#[derive(Debug, Clone, Copy)]
enum Fit {
    /// It is a name as it is written.
    Name,
    /// It is what a message called the thing.
    Label,
    /// It is the same but for case and composed letters.
    Composed,
    /// It is the same with umlauts as two letters.
    SpelledOut,
    /// It is the same once folded.
    Folded,
    /// A name starts with it, or it is the city.
    Start,
    /// A name contains it.
    Part,
}

impl Fit {
    const ORDER: [Self; 7] = [
        Self::Name,
        Self::Label,
        Self::Composed,
        Self::SpelledOut,
        Self::Folded,
        Self::Start,
        Self::Part,
    ];
}

/// A typed name in the forms in which it is compared.
struct Typed<'t> {
    text: &'t str,
    composed: String,
    spelled: String,
    folded: String,
}

/// Letters that a part of a name has at least.
const LEAST_PART: usize = 3;

impl<'t> Typed<'t> {
    fn new(typed: &'t str) -> Self {
        let text = typed.trim();
        Self { text, composed: compose(text), spelled: spell_out(text), folded: fold(text) }
    }

    fn fits(&self, entry: &Entry<'_>, fit: Fit) -> bool {
        match fit {
            Fit::Name => entry.names.contains(&self.text),
            Fit::Label => entry.labels().iter().any(|label| label == self.text),
            Fit::Composed => entry.any_in_full(|text| compose(text) == self.composed),
            Fit::SpelledOut => entry.any_in_full(|text| spell_out(text) == self.spelled),
            Fit::Folded => entry.any_in_full(|text| fold(text) == self.folded),
            Fit::Start => {
                self.is_in_city(entry)
                    || entry.any_name(|text| fold(text).starts_with(&self.folded))
            }
            // A letter or two are in nearly every name, and mean none.
            Fit::Part => {
                self.folded.chars().count() >= LEAST_PART
                    && entry.any_name(|text| fold(text).contains(&self.folded))
            }
        }
    }

    fn is_in_city(&self, entry: &Entry<'_>) -> bool {
        entry.city.is_some_and(|city| fold(city) == self.folded)
    }

    /// The one that is meant of several that fit: the only one in the city of this name, or the only
    /// preferred one, there or at all.
    fn meant(&self, fitting: &[usize], entries: &[Entry<'_>]) -> Option<usize> {
        let mut narrowed = fitting.to_vec();
        narrowed.retain(|index| self.is_in_city(&entries[*index]));
        if narrowed.is_empty() {
            narrowed = fitting.to_vec();
        }
        if let [only] = narrowed[..] {
            return Some(only);
        }
        narrowed.retain(|index| entries[*index].is_preferred);
        if let [only] = narrowed[..] { Some(only) } else { None }
    }
}

/// The index of the entry that a typed name means.
///
/// The key as it is written comes first, even where something else has that name; a key of the catalog that was
/// spelled in another way once (`pediatrics`) is that of today (`paediatrics`). Then the name as it is written;
/// what a message called it, `name (key)` or `name (key, district)`; the same without regard to case and to how
/// umlauts are composed; with umlauts as two letters; and as [`fold`] compares. Then the only one whose key or
/// name starts so or that lies in a city of this name; last the only one that contains it. Where several fit
/// equally well, the one in the city of this name is meant, and the only [preferred](Entry::is_preferred) one.
/// Spaces around what is typed do not count.
///
/// Linear in the entries.
///
/// # Errors
///
/// When nothing fits, or several do.
///
/// ```
/// use verbund::names::{Entry, pick};
///
/// let entries = [
///     Entry::new("stroke_unit", "stroke unit").or("Schlaganfalleinheit"),
///     Entry::new("ct", "computed tomography"),
/// ];
/// for typed in ["stroke_unit", "Stroke Unit", "stroke unit (stroke_unit)", "stroke", "anfall"] {
///     assert_eq!(pick("facility", typed, &entries), Ok(0));
/// }
/// let error = pick("facility", "stork unit", &entries).unwrap_err().to_string();
/// assert_eq!(error, "unknown facility \"stork unit\"; did you mean \"stroke unit\"?");
/// ```
pub fn pick(what: &'static str, typed: &str, entries: &[Entry<'_>]) -> Result<usize, NameError> {
    match choose(typed, entries) {
        Chosen::Only(index) => Ok(index),
        Chosen::Several(fitting) => {
            let mut candidates = Vec::new();
            for &index in fitting.iter().take(LISTED) {
                candidates.push(tell(entries, index, &[entries[index].label()]));
            }
            let (name, count) = (typed.to_owned(), fitting.len());
            Err(NameError::Ambiguous { what, name, candidates, count })
        }
        Chosen::Nothing => {
            let mut suggested = Vec::new();
            if let Some(index) = closest(typed, entries) {
                let entry = &entries[index];
                let name = match entry.names.first() {
                    Some(name) if !entry.is_known_by_key => (*name).to_owned(),
                    _ => entry.key.to_owned(),
                };
                suggested.push(tell(entries, index, &[name, entry.label()]));
            }
            Err(NameError::Unknown { what, name: typed.to_owned(), closest: suggested })
        }
    }
}

/// [`pick`] among things that have a key and names.
///
/// # Errors
///
/// When nothing fits, or several do.
///
/// ```
/// use verbund::names;
///
/// let region = verbund::Region::leipzig()?;
/// let hospitals = region.network().hospitals();
/// let index = names::pick_from("hospital", "Borna", hospitals)?;
/// assert_eq!(hospitals[index].key, "sana-borna");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn pick_from<'a, T>(
    what: &'static str,
    typed: &str,
    things: &'a [T],
) -> Result<usize, NameError>
where
    Entry<'a>: From<&'a T>,
{
    let entries: Vec<Entry<'a>> = things.iter().map(Entry::from).collect();
    pick(what, typed, &entries)
}

/// [`pick`] among pairs of key and name.
///
/// # Errors
///
/// When nothing fits, or several do.
pub fn find<'a>(
    what: &'static str,
    typed: &str,
    entries: impl Iterator<Item = (&'a str, &'a str)>,
) -> Result<usize, NameError> {
    let entries: Vec<Entry<'a>> = entries.map(|(key, name)| Entry::new(key, name)).collect();
    pick(what, typed, &entries)
}

/// What a typed name comes to.
#[derive(Debug, PartialEq, Eq)]
enum Chosen {
    Nothing,
    Only(usize),
    Several(Vec<usize>),
}

fn choose(typed: &str, entries: &[Entry<'_>]) -> Chosen {
    let typed = Typed::new(typed);
    if let Some(index) = entries.iter().position(|entry| entry.key == typed.text) {
        return Chosen::Only(index);
    }
    // A key that was spelled in another way once is as good as that of today.
    if let Some(today) = todays_key(typed.text)
        && let Some(index) = entries.iter().position(|entry| entry.key == today)
    {
        return Chosen::Only(index);
    }

    for fit in Fit::ORDER {
        // Nothing but marks is part of every name.
        if typed.folded.is_empty() && !matches!(fit, Fit::Name | Fit::Label | Fit::Composed) {
            break;
        }
        if typed.text.is_empty() {
            break;
        }
        let fitting: Vec<usize> =
            (0..entries.len()).filter(|index| typed.fits(&entries[*index], fit)).collect();
        match fitting.as_slice() {
            [] => {}
            [only] => return Chosen::Only(*only),
            _ => {
                return match typed.meant(&fitting, entries) {
                    Some(index) => Chosen::Only(index),
                    None => Chosen::Several(fitting),
                };
            }
        }
    }
    Chosen::Nothing
}

/// The entry with the name or key that is closest: by their folded letters, of equally close ones the
/// one that is written most alike, of these the first.
fn closest(typed: &str, entries: &[Entry<'_>]) -> Option<usize> {
    let typed = Typed::new(typed);
    if typed.folded.is_empty() {
        return None;
    }
    let mut nearest: Option<(usize, usize, usize)> = None;
    for (index, entry) in entries.iter().enumerate() {
        for text in entry.names.iter().chain([&entry.key]) {
            let Some(folded) = distance(&typed.folded, &fold(text)) else { continue };
            let written = strsim::damerau_levenshtein(&typed.composed, &compose(text));
            let near = (folded, written, index);
            nearest = match nearest {
                Some(before) => Some(before.min(near)),
                None => Some(near),
            };
        }
    }
    nearest.map(|(_, _, index)| index)
}

/// How many letters differ; `None` where it is more than [`crate::problem::closest`] allows.
fn distance(typed: &str, text: &str) -> Option<usize> {
    crate::problem::closest(typed, [text])?;
    Some(strsim::damerau_levenshtein(typed, text))
}

/// What a message calls an entry so that it is found when typed: its name where that is found, else
/// with its key; the key alone where even that means another one.
fn tell(entries: &[Entry<'_>], index: usize, texts: &[String]) -> String {
    let is_found = |text: &&String| choose(text, entries) == Chosen::Only(index);
    texts.iter().find(is_found).cloned().unwrap_or_else(|| entries[index].key.to_owned())
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
    fn umlauts_can_be_typed_in_four_ways() {
        for typed in ["Bad Düben", "Bad Du\u{308}ben", "bad dueben", "BAD DUBEN", "düb", "2", " 2 "]
        {
            assert_eq!(look(typed), Ok(1), "{typed}");
        }
        assert_eq!(look("leipzig gruenau ost"), Ok(2));
    }

    #[test]
    fn names_may_be_written_in_decomposed_letters() {
        let entries = [Entry::new("a", "Bo\u{308}hlitz"), Entry::new("b", "Sta\u{30c}dt")];
        for typed in ["Böhlitz", "Bo\u{308}hlitz", "Boehlitz", "Bohlitz", "BÖHLITZ", "böh"] {
            assert_eq!(pick("place", typed, &entries), Ok(0), "{typed}");
        }
        for typed in ["Stǎdt", "stadt"] {
            assert_eq!(pick("place", typed, &entries), Ok(1), "{typed}");
        }
    }

    #[test]
    fn names_that_fold_alike_are_told_apart_as_closely_as_they_are_typed() {
        let entries =
            [Entry::new("x", "Mühlen"), Entry::new("y", "Muhlen"), Entry::new("z", "MÜHLEN")];
        let means = |typed: &str, key: &str| {
            let index = pick("place", typed, &entries).unwrap();
            assert_eq!(entries[index].key, key, "{typed}");
        };
        means("Mühlen", "x");
        means("MÜHLEN", "z");
        means("muhlen", "y");
        // In capitals or not, composed or not: both are called so.
        let error = pick("place", "mu\u{308}hlen", &entries).unwrap_err();
        let NameError::Ambiguous { candidates, .. } = error else { panic!("{error}") };
        assert_eq!(candidates, ["Mühlen (x)", "MÜHLEN (z)"]);
        let error = pick("place", "Muehlen", &entries).unwrap_err();
        assert!(matches!(error, NameError::Ambiguous { count: 2, .. }), "{error}");
    }

    #[test]
    fn a_key_comes_before_a_name() {
        let entries = [Entry::new("a", "b"), Entry::new("b", "a"), Entry::new("B", "c")];
        assert_eq!(pick("place", "a", &entries), Ok(0));
        assert_eq!(pick("place", "b", &entries), Ok(1));
        assert_eq!(pick("place", "B", &entries), Ok(2));
        // A name that is another one's key cannot be told by its name.
        assert_eq!(pick("place", "b (a)", &entries), Ok(0));
    }

    #[test]
    fn what_a_message_tells_to_type_is_found() {
        let entries = [
            Entry::new("a", "Adorf").district(Some("Nord")),
            Entry::new("c", "Adorf").district(Some("Süd")),
            Entry::new("d", "Adorf (a)"),
            Entry::new("e", "e"),
            Entry::new("f", "Edorf").district(Some("Nord")),
        ];
        for typed in ["Adorf", "adorf", "ado", "dorf"] {
            let error = pick("place", typed, &entries).unwrap_err();
            let NameError::Ambiguous { candidates, .. } = error else { panic!("{error}") };
            for text in candidates {
                let index = pick("place", &text, &entries).unwrap();
                assert!(text.contains(entries[index].names[0]), "{text}");
            }
        }
        assert_eq!(pick("place", "Adorf (c, Süd)", &entries), Ok(1));
        assert_eq!(pick("place", "adorf (C)", &entries), Ok(1));
        assert_eq!(pick("place", "Adorf (a, nord)", &entries), Ok(0));
        // A name as it is written comes before what a message calls another one.
        assert_eq!(pick("place", "Adorf (a)", &entries), Ok(2));
        let error = pick("place", "Adorv", &entries[..2]).unwrap_err();
        assert_eq!(error.to_string(), "unknown place \"Adorv\"; did you mean \"Adorf (a, Nord)\"?");
    }

    #[test]
    fn a_city_means_its_only_preferred_site() {
        let site = |key, name, city, is_preferred| {
            Entry::new(key, name).city(Some(city)).preferred(is_preferred)
        };
        let entries = [
            site("day", "Adorf day clinic", "Adorf", false),
            site("house", "Clinics of Adorf and Bdorf", "Adorf", true),
            site("other", "Clinics of Adorf and Bdorf, second house", "Bdorf", true),
            site("large", "Maximum", "Cdorf", true),
            site("larger", "Saint George", "Cdorf", true),
        ];
        assert_eq!(pick("hospital", "Adorf", &entries), Ok(1));
        assert_eq!(pick("hospital", "bdorf", &entries), Ok(2));
        assert_eq!(pick("hospital", "day", &entries), Ok(0));
        let error = pick("hospital", "Cdorf", &entries).unwrap_err().to_string();
        assert_eq!(
            error,
            "\"Cdorf\" is more than one hospital; say which one: \"Maximum (large)\", \
             \"Saint George (larger)\""
        );
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
        assert_eq!(look("--").unwrap_err().to_string(), "unknown place \"--\"");
    }

    #[test]
    fn of_many_candidates_the_rest_is_counted() {
        let keys: Vec<String> = (10..30).map(|number| format!("h{number}")).collect();
        let entries: Vec<Entry<'_>> = keys.iter().map(|key| Entry::new(key, key)).collect();
        let error = pick("hospital", "h", &entries).unwrap_err().to_string();
        assert!(error.ends_with("\"h16\", \"h17\" and 12 more"), "{error}");
    }
}
