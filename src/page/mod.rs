//! One page about a region that stands alone: a map, figures, and a what-if, in a single file of HTML.
//!
//! [`render`] makes it of an [`Overview`]; whoever has the file needs no program, no network and no other file. Its
//! content security policy lets no request out, and its script and style are known by their hashes.

mod care;
mod change;
mod closed;
mod data;
mod findings;
mod flows;
mod journeys;
mod map;
mod markup;
mod plots;
mod tables;
mod text;
mod what_if;

use std::collections::BTreeSet;

use crate::model::{Areas, TravelSettings};
use crate::overview::Overview;
use crate::plot::Plot;
use crate::region::Region;
use crate::report;
use crate::words::language;

pub use change::PageChange;
use data::Data;
use map::{Map, MatchedAreas};
use markup::{escaped, hash_of_source, island, without_remarks};
use text::{LeftOut, fill, template_words};

/// Most bytes of a page: what a mail takes along, and a laptop opens at once.
pub const MOST_BYTES: usize = 500_000;
/// Most bytes of a page that shows a country, which is one of more places than a page draws.
pub const MOST_BYTES_OF_A_COUNTRY: usize = 3_000_000;

// Files of their own, so that editors and browsers can check them.
const STYLE: &str = include_str!("assets/page.css");
const SCRIPT: &str = include_str!("assets/page.js");
/// Only in pages with a server behind them.
const ASKING_SCRIPT: &str = include_str!("assets/ask.js");

/// What a page says beside the figures; set by chained setters.
///
/// ```
/// use verbund::page::PageSettings;
///
/// let settings = PageSettings::default().title("For the council").command("verbund page");
/// assert_eq!(settings, settings.clone());
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct PageSettings {
    /// Its title; that of the change, or the network's name, when there is none.
    pub title: Option<String>,
    /// The command that made it, for whoever makes it again.
    pub command: Option<String>,
    /// The crow-fly parameters of the network, with which the page can open hospitals. They count only where every
    /// journey is the one that they give.
    pub travel: Option<TravelSettings>,
    /// What made the region of the page of another one: it is shown as before and after.
    pub change: Option<PageChange>,
    /// Whether a server is behind the page that answers a POST of a scenario to `compare` with the JSON of
    /// `verbund compare`. Then a page whose what-if does not fit asks there; no other page sends anything.
    pub is_served: bool,
    /// Pictures behind those that every page draws, such as those that take long.
    pub pictures: Vec<Plot>,
    /// What the page has not and how to ask for it, in sentences that stand beside the command.
    pub not_asked_for: Vec<String>,
}

impl PageSettings {
    /// The same with this title.
    #[must_use]
    pub fn title(self, title: impl Into<String>) -> Self {
        Self { title: Some(title.into()), ..self }
    }

    /// The same with the command that made the page.
    #[must_use]
    pub fn command(self, command: impl Into<String>) -> Self {
        Self { command: Some(command.into()), ..self }
    }

    /// The same with the crow-fly parameters of the network.
    #[must_use]
    pub fn travel(self, travel: TravelSettings) -> Self {
        Self { travel: Some(travel), ..self }
    }

    /// The same with a server behind it.
    #[must_use]
    pub fn served(self) -> Self {
        Self { is_served: true, ..self }
    }

    /// The same with one more picture.
    #[must_use]
    pub fn picture(mut self, picture: Plot) -> Self {
        self.pictures.push(picture);
        self
    }

    /// The same with a sentence on what the page has not and how to ask for it.
    #[must_use]
    pub fn not_asked_for(mut self, sentence: impl Into<String>) -> Self {
        self.not_asked_for.push(sentence.into());
        self
    }

    /// The same with what made the region of the page of another one.
    #[must_use]
    pub fn change(self, change: PageChange) -> Self {
        Self { change: Some(change), ..self }
    }
}

/// A page, ready to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Page {
    /// The whole file.
    pub html: String,
    /// Its content security policy, which stands in it as well: for the headers of a server.
    pub policy: String,
    /// What the page leaves out, in sentences that it says itself as well: places without an area, places that are
    /// not drawn, a what-if that would not fit. Empty where all is there.
    pub left_out: Vec<String>,
}

/// The page about a region, at most [`MOST_BYTES`] long unless names alone are longer.
///
/// A region of more than 2,000 places is shown by its districts, with every hospital, in at most
/// [`MOST_BYTES_OF_A_COUNTRY`].
/// Every figure is that of [`report::overview`] or of the same results, so that page and program cannot
/// differ. Where all does not fit, the what-if is left out first, then borders, then places with few people; the page
/// and [`Page::left_out`] say so. The same input gives the same bytes. Whether `areas` match the places is told in
/// [`Page::left_out`]; without any, discs are drawn. A page is in the language in force ([`words`](crate::words)).
///
/// ```
/// use verbund::Region;
/// use verbund::files::Folder;
/// use verbund::overview::Overview;
/// use verbund::page::{self, PageSettings};
///
/// let model = Folder::small().read()?;
/// let region = Region::new(&model, model.network.date())?;
/// let overview = Overview::of(&model, &region)?;
/// let page = page::render(&overview, None, &PageSettings::default().title("Four hospitals"));
/// assert!(page.html.starts_with("<!DOCTYPE html>"));
/// assert!(page.html.contains("<h1>Four hospitals</h1>"));
/// assert!(page.html.len() < page::MOST_BYTES);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn render(overview: &Overview, areas: Option<&Areas>, settings: &PageSettings) -> Page {
    let fixed = Fixed::of(overview, areas, settings);
    let mut page = Page { html: String::new(), policy: String::new(), left_out: Vec::new() };
    if is_country(&overview.region) {
        page = fixed.page(Extent::COUNTRY);
        if page.html.len() < MOST_BYTES_OF_A_COUNTRY {
            return page;
        }
    }
    // What is largest and missed least goes first; how large a page gets is known only when it is there.
    for extent in Extent::ALL {
        page = fixed.page(extent);
        if page.html.len() < MOST_BYTES {
            break;
        }
    }
    page
}

/// Whether a region has more places than a page draws, and districts that can stand for them.
fn is_country(region: &Region) -> bool {
    let mut districts: BTreeSet<&str> = BTreeSet::new();
    let mut inside = 0;
    for place in region.place_ids() {
        let place = region.place(place);
        if !place.outside {
            inside += 1;
            districts.insert(&place.district);
        }
    }
    inside > Extent::LARGE.places && (2..=Extent::LARGE.places).contains(&districts.len())
}

/// How much a page shows: less where more would not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each part of a page is shown or not, whatever the others are"
)]
struct Extent {
    has_what_if: bool,
    has_plots: bool,
    has_borders: bool,
    /// Whether districts are drawn in the place of places.
    by_district: bool,
    /// Most places that are drawn, those with the most people.
    places: usize,
    /// Most hospitals that are drawn.
    hospitals: usize,
    /// Most rows of lists that grow with the network.
    rows: usize,
}

impl Extent {
    const ALL: [Self; 6] = [
        Self { has_what_if: true, ..Self::LARGE },
        Self { has_what_if: true, has_plots: false, ..Self::LARGE },
        Self { places: 1_000, ..Self::LARGE },
        Self { has_borders: false, places: 1_000, rows: 200, ..Self::LARGE },
        Self { has_borders: false, places: 300, rows: 100, ..Self::LARGE },
        Self { has_plots: false, has_borders: false, places: 100, rows: 20, ..Self::LARGE },
    ];
    /// All but the what-if.
    const LARGE: Self = Self {
        has_what_if: false,
        has_plots: true,
        has_borders: true,
        by_district: false,
        places: 2_000,
        hospitals: 600,
        rows: 400,
    };
    /// A country: its districts, and every hospital.
    const COUNTRY: Self = Self { by_district: true, hospitals: 5_000, rows: 200, ..Self::LARGE };
}

/// What of a page is the same however much it shows: made once, for as many extents as are tried.
struct Fixed<'p> {
    overview: &'p Overview,
    settings: &'p PageSettings,
    areas: Option<MatchedAreas<'p>>,
    template: String,
    script: String,
    style: String,
    /// What stands in the place of its marks.
    values: Vec<(&'static str, String)>,
}

impl<'p> Fixed<'p> {
    fn of(overview: &'p Overview, areas: Option<&'p Areas>, settings: &'p PageSettings) -> Self {
        // What is told of fields and things here is read by people: by their names.
        let report = report::named(&report::overview(overview));
        let change = settings.change.as_ref();
        let named = settings.title.as_deref().or(change.map(|change| change.name.as_str()));
        let title = named.unwrap_or(overview.region.network().name());
        let (script, style) = (without_remarks(SCRIPT), without_remarks(STYLE));
        let class = if change.is_some() { "with-change" } else { "" };
        let values = vec![
            ("lang", language().code().to_owned()),
            ("title", escaped(title)),
            ("subtitle", tables::subtitle(overview, &report)),
            ("class", class.to_owned()),
            ("plots", plots::figures(overview, settings)),
            (
                "change",
                change.map_or_else(String::new, |change| change.section(overview.region.network())),
            ),
            (
                "numbers",
                change.map_or_else(String::new, |change| change.numbers(overview.region.network())),
            ),
            ("findings", findings::list(overview, change)),
            ("standards", tables::standards(overview)),
            ("worst", tables::worst_places(overview)),
            ("failures", tables::failures(overview)),
            ("assumed", tables::assumed(&report)),
            ("printed_sources", tables::printed_sources(overview, areas)),
            ("imprint", tables::imprint(overview, settings)),
        ];
        let areas = areas.map(|areas| MatchedAreas::of(areas, overview));
        Self { overview, settings, areas, template: template(), script, style, values }
    }

    /// The page that shows so much.
    fn page(&self, extent: Extent) -> Page {
        let overview = self.overview;
        let map = Map::of(overview, self.areas.as_ref(), self.settings.change.as_ref(), extent);
        let data = Data::of(overview, &map, self.settings, extent);
        // Said in the page itself: who gets the file sees no notes of the program.
        let mut left_out = map.left_out.clone();
        left_out.extend(data.left_out.clone());
        if !extent.has_plots {
            left_out.push(LeftOut::here().plots.to_owned());
        } else if !plots::has_closures(&overview.region) {
            left_out.push(LeftOut::here().closures.to_owned());
        }
        let mut notes = String::new();
        for sentence in &left_out {
            notes.push_str(&format!("<li>{}</li>", escaped(sentence)));
        }

        let areas = self.areas.as_ref().map(|areas| areas.areas);
        let cooperations = tables::cooperations(overview, extent.rows);
        let sources = tables::sources(overview, areas, extent.rows);
        let (asking, policy) = self.asking_and_policy(data.asks());
        let data = island(&data);
        let asked_for = plots::asked_for(self.settings);
        let mut values: Vec<(&str, &str)> = vec![
            ("style", &self.style),
            ("script", &self.script),
            ("map", &map.svg),
            ("legend", &map.legend),
            ("left_out", &notes),
            ("cooperations", &cooperations),
            ("sources", &sources),
            ("data", &data),
            ("asking", &asking),
            ("policy", &policy),
        ];
        for (mark, value) in &self.values {
            // Pictures are of what tables have, and go before the what-if does.
            let is_left_out = *mark == "plots" && !extent.has_plots;
            values.push((mark, if is_left_out { &asked_for } else { value }));
        }
        // Words first, then one pass: what is put in is never looked at again, whatever names say.
        Page { html: fill(&self.template, &values), policy, left_out }
    }

    /// The script that asks a server, where one is asked, and what the page may do.
    fn asking_and_policy(&self, asks: bool) -> (String, String) {
        let mut scripts = format!("'sha256-{}'", hash_of_source(&self.script));
        let (mut asking, mut sends) = (String::new(), "");
        if asks {
            let script = without_remarks(ASKING_SCRIPT);
            scripts.push_str(&format!(" 'sha256-{}'", hash_of_source(&script)));
            asking = format!("<script>{script}</script>\n");
            // To where it comes from, and nowhere else.
            sends = " connect-src 'self';";
        }
        let style = hash_of_source(&self.style);
        let policy = format!(
            "default-src 'none';{sends} script-src {scripts}; style-src 'sha256-{style}'; base-uri 'none'; form-action 'none'"
        );
        (asking, policy)
    }
}

/// The template with its fixed words, which stand in it as `[[key]]`.
fn template() -> String {
    let mut text = include_str!("assets/page.html").to_owned();
    for (key, words) in template_words() {
        text = text.replace(&format!("[[{key}]]"), words);
    }
    text
}
