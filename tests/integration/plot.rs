//! Results as pictures: they are XML, lie where their values are, and every command that has one writes it.

use std::path::{Path, PathBuf};

use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;
use verbund::Region;
use verbund::alliance::{
    ComparisonSettings, Direction, Entry, Figure, Indicator, IndicatorKind, IndicatorTable, Level,
    Member, Origin, XmrSettings, compare_members, funnel_lines, xmr,
};
use verbund::coverage::{MinutesOfPeople, minutes_of_people};
use verbund::files::Folder;
use verbund::model::Standard;
use verbund::planning::closures::{Order, Sites, frontier};
use verbund::plot::{
    self, FunnelView, NothingToDraw, OccupancyCurve, OccupancyView, Plot, Source, YearsView,
};
use verbund::random::Seed;
use verbund::run::Control;
use verbund::simulation::{
    Factor, FlowIndex, PatientFlow, RunPlan, Sensitivity, Settings, simulate,
};
use verbund::stats::TimeDistribution;
use verbund::units::Seconds;
use verbund::words::{Language, in_language};

use crate::run::{run, verbund};

#[test]
fn a_picture_speaks_the_language_in_force() {
    let region = Region::leipzig().unwrap();
    let standard = region.network().catalog().standard("stroke_unit").unwrap();
    let minutes = minutes_of_people(&region, standard).unwrap();
    let draw = || plot::minutes(std::slice::from_ref(&minutes), &Source::of(&region)).unwrap().svg;
    assert!(draw().contains("within 30 min: 1,001,286 people (94.6 %)"));
    let german = in_language(Language::German, draw);
    assert!(german.contains("innerhalb von 30 min: 1.001.286 Menschen (94,6 %)"));
    assert!(!german.contains("people"), "{german}");
}

/// An element with its attributes and the text within it.
#[derive(Debug, Clone)]
struct Element {
    name: String,
    attributes: Vec<(String, String)>,
    text: String,
}

impl Element {
    fn of(start: &BytesStart<'_>) -> Self {
        let mut attributes = Vec::new();
        for attribute in start.attributes() {
            let attribute = attribute.expect("an attribute is well-formed");
            let value = attribute.value.to_string();
            attributes.push((attribute.key.as_ref().to_owned(), value));
        }
        Self { name: start.name().as_ref().to_owned(), attributes, text: String::new() }
    }

    fn attribute(&self, name: &str) -> &str {
        let known = self.attributes.iter().find(|(key, _)| key == name);
        known.map_or("", |(_, value)| value.as_str())
    }

    fn number(&self, name: &str) -> f64 {
        self.attribute(name).parse().unwrap_or_else(|_| panic!("{name} of {self:?}"))
    }
}

/// The elements of a picture in their order; it is parsed as XML, to its end.
fn elements(svg: &str) -> Vec<Element> {
    let mut reader = Reader::from_str(svg);
    reader.config_mut().check_end_names = true;
    let mut elements: Vec<Element> = Vec::new();
    let mut open = Vec::new();
    loop {
        match reader.read_event().expect("a picture is XML") {
            Event::Start(start) => {
                open.push(elements.len());
                elements.push(Element::of(&start));
            }
            Event::Empty(start) => elements.push(Element::of(&start)),
            Event::Text(text) => {
                if let Some(position) = open.last() {
                    elements[*position].text.push_str(&text);
                }
            }
            Event::GeneralRef(entity) => {
                let letter = match &*entity {
                    "amp" => '&',
                    "lt" => '<',
                    "gt" => '>',
                    "quot" => '"',
                    "#39" => '\'',
                    unknown => panic!("an entity {unknown}"),
                };
                elements[*open.last().unwrap()].text.push(letter);
            }
            Event::End(_) => {
                open.pop();
            }
            Event::Eof => break,
            _ => {}
        }
    }
    assert!(open.is_empty());
    elements
}

/// What holds of every picture.
#[track_caller]
fn checked(plot: &Plot) -> Vec<Element> {
    let elements = elements(&plot.svg);
    let root = &elements[0];
    assert_eq!((root.name.as_str(), root.attribute("role")), ("svg", "img"));
    assert_eq!((elements[1].name.as_str(), elements[2].name.as_str()), ("title", "desc"));
    assert_eq!(elements[1].text, plot.title);
    assert!(elements[2].text.contains("Source: verbund"), "{}", elements[2].text);

    let size = root.attribute("viewBox");
    let height: f64 = size.strip_prefix("0 0 360 ").expect(size).parse().unwrap();
    let allowed =
        ["svg", "title", "desc", "rect", "line", "polyline", "polygon", "circle", "text", "g"];
    for element in &elements {
        assert!(allowed.contains(&element.name.as_str()), "{element:?}");
        for (name, value) in &element.attributes {
            // Nothing runs, nothing is loaded, nothing that a policy of pages forbids.
            assert!(!name.starts_with("on") && name != "style" && !name.contains("href"), "{name}");
            assert!(!value.contains("url(") && !value.contains("NaN"), "{value}");
            assert!(!value.contains("//") || name == "xmlns", "{value}");
            let is_across = ["x", "x1", "x2", "cx"].contains(&name.as_str());
            let is_down = ["y", "y1", "y2", "cy"].contains(&name.as_str());
            if is_across || is_down {
                let end = if is_across { 360.0 } else { height };
                let place: f64 = value.parse().unwrap();
                assert!((0.0..=end).contains(&place), "{element:?} beyond {end}");
            }
        }
        if element.name == "text" {
            // On a phone of 360 pixels this is the size that is read.
            // A page says what most of its texts have once, at the root.
            let has_own = !element.attribute("font-size").is_empty();
            let size = if has_own { element } else { root }.number("font-size");
            assert!(size >= 11.0, "{element:?}");
        }
    }
    elements
}

/// The text of all lines of a picture, from top to bottom.
fn words(elements: &[Element]) -> String {
    let mut words = String::new();
    for element in elements {
        if element.name == "text" {
            words.push_str(&element.text);
            words.push(' ');
        }
    }
    words
}

fn source() -> Source {
    Source::of(&small())
}

fn small() -> Region {
    let model = Folder::small().read().unwrap();
    Region::new(&model, model.network.date()).unwrap()
}

/// People of a standard of 30 minutes, by their minutes; `None` reach no hospital.
fn minutes_of(name: &str, times: &[(Option<u32>, u64)]) -> MinutesOfPeople {
    let region = small();
    let mut minutes = minutes_of_people(&region, &any_standard(&region)).unwrap();
    let mut distribution = TimeDistribution::new();
    for (minutes, people) in times {
        distribution.add(minutes.map(Seconds::from_minutes), *people);
    }
    name.clone_into(&mut minutes.standard.name);
    minutes.standard.minutes = 30;
    minutes.histogram = distribution.histogram(Seconds::from_minutes(5));
    minutes.within_limit = distribution.within(Seconds::from_minutes(30));
    minutes
}

fn any_standard(region: &Region) -> Standard {
    region.network().catalog().standard("ct").unwrap().clone()
}

/// The rectangles with a title, which are bars.
fn bars(elements: &[Element]) -> Vec<(Element, String)> {
    let mut bars = Vec::new();
    for pair in elements.windows(2) {
        if pair[0].name == "rect" && pair[1].name == "title" {
            bars.push((pair[0].clone(), pair[1].text.clone()));
        }
    }
    bars
}

#[test]
fn a_bar_of_half_the_people_is_half_as_high() {
    let times = [(Some(10), 400), (Some(25), 200), (Some(35), 100), (None, 50)];
    let plot = plot::minutes(&[minutes_of("CT", &times)], &source()).unwrap();
    let elements = checked(&plot);
    let bars = bars(&elements);
    let told: Vec<&str> = bars.iter().map(|(_, told)| told.as_str()).collect();
    assert_eq!(
        told,
        [
            "above 5 to 10 min: 400 people",
            "above 20 to 25 min: 200 people",
            "above 30 to 35 min: 100 people",
            "no hospital in reach: 50 people",
        ]
    );

    let bar = |position: usize| &bars[position].0;
    let height = |position: usize| bar(position).number("height");
    for (position, times) in [(1, 2.0), (2, 4.0), (3, 8.0)] {
        assert!((height(0) - times * height(position)).abs() < 0.05, "{position}");
    }
    // All stand on one line; 10 to 25 is as far as 20 to 35.
    let foot = |position: usize| bar(position).number("y") + height(position);
    assert!((foot(0) - foot(3)).abs() < 0.05);
    let across = |position: usize| bar(position).number("x");
    assert!((across(1) - across(0) - 1.5 * (across(2) - across(1))).abs() < 0.05);
    // In time, beyond and out of reach look different.
    assert_eq!(bar(0).attribute("fill"), bar(1).attribute("fill"));
    assert_ne!(bar(1).attribute("fill"), bar(2).attribute("fill"));
    assert_ne!(bar(3).attribute("stroke-dasharray"), "");

    let words = words(&elements);
    assert!(words.contains("within 30 min: 600 people (80.0 %)"), "{words}");
    assert!(words.contains("beyond: 100 people"), "{words}");
    assert!(words.contains("limit 30 min"), "{words}");
}

#[test]
fn names_can_neither_leave_their_place_nor_fill_the_picture() {
    let times = [(Some(10), 4)];
    for name in ["</title><script>alert(1)</script>", "\"'&\u{202e}\u{0}", &"ü<".repeat(5_000)] {
        let plot = plot::minutes(&[minutes_of(name, &times)], &source().remark(name)).unwrap();
        let elements = checked(&plot);
        assert!(plot.svg.len() < 60_000, "{}", plot.svg.len());
        assert!(elements[1].text.chars().count() < 200);
        assert!(!plot.svg.contains("<script"));
    }
}

#[test]
fn nothing_gives_a_sentence_and_no_picture() {
    let nobody = minutes_of("CT", &[]);
    let nothing = plot::minutes(std::slice::from_ref(&nobody), &source());
    assert_eq!(nothing, Err(NothingToDraw::NoPeople));
    assert_eq!(plot::minutes(&[], &source()), Err(NothingToDraw::NoPeople));
    let somebody = minutes_of("MRI", &[(None, 3)]);
    let both = plot::minutes(&[nobody, somebody], &source()).unwrap();
    assert!(words(&checked(&both)).contains("CT: nobody lives there"));

    let view = OccupancyView::new("2026-01-01".parse().unwrap(), 1, Vec::new());
    assert_eq!(plot::occupancy(&view, &source()), Err(NothingToDraw::NoDays));
    for nothing in [
        NothingToDraw::NoPeople,
        NothingToDraw::NoDays,
        NothingToDraw::NoBars,
        NothingToDraw::NoClosures,
        NothingToDraw::NoFunnel,
        NothingToDraw::NoYears,
    ] {
        assert!(nothing.to_string().starts_with("nothing to draw: "));
    }
}

/// The points of lines of a picture, by their strokes.
fn line_points(elements: &[Element], stroke: &str) -> Vec<Vec<(f64, f64)>> {
    let mut lines = Vec::new();
    for element in elements {
        if element.name != "polyline" || element.attribute("stroke") != stroke {
            continue;
        }
        let mut points = Vec::new();
        for point in element.attribute("points").split(' ') {
            let (x, y) = point.split_once(',').unwrap();
            points.push((x.parse().unwrap(), y.parse().unwrap()));
        }
        lines.push(points);
    }
    lines
}

const BLUE: &str = "#0b4f8a";

#[test]
fn beds_are_drawn_by_day_and_long_runs_by_period() {
    let region = small();
    let settings = Settings::default().days(40).warm_up_days(10);
    let flows = [PatientFlow::new(&region, &settings, None).unwrap()];
    let plan = RunPlan { seed: Seed(1), replications: 3, until: None };
    let results = simulate(&flows, plan, &Control::default());
    let days = results.census_by_day(FlowIndex::BASE, None);
    let beds = results.beds(FlowIndex::BASE, verbund::simulation::Scope::Inside);

    let curve = OccupancyCurve::new("as it is", beds, days.clone());
    let view = OccupancyView::new(region.network().date(), 3, vec![curve]);
    let elements = checked(&plot::occupancy(&view, &source()).unwrap());
    let lines = line_points(&elements, BLUE);
    assert_eq!((lines.len(), lines[0].len()), (1, 40));
    // Heights differ as the beds do: the ratio of any two differences is that of the values.
    let by_value = (days[10].mean - days[0].mean) / (days[30].mean - days[0].mean);
    let by_height = (lines[0][10].1 - lines[0][0].1) / (lines[0][30].1 - lines[0][0].1);
    assert!((by_value - by_height).abs() < 0.05, "{by_value} {by_height}");
    let words = words(&elements);
    assert!(words.contains("replications: 3."), "{words}");

    // 4,000 days are 285 points of two weeks, which is said.
    let long = days.repeat(100);
    let curves = vec![OccupancyCurve::new("as it is", beds, long); 6];
    let view = OccupancyView::new(region.network().date(), 3, curves);
    let plot = plot::occupancy(&view, &source()).unwrap();
    let elements = checked(&plot);
    assert_eq!(line_points(&elements, BLUE)[0].len(), 285);
    let words = self::words(&elements);
    assert!(words.contains("Mean of 14 days each; days left over"), "{words}");
    assert!(words.contains("2 more scenarios"), "{words}");
}

#[test]
fn factors_go_from_the_widest_bar_down_with_both_ends() {
    let region = small();
    let settings = Settings::default().days(30).warm_up_days(10);
    let plan = RunPlan { seed: Seed(1), replications: 2, until: None };
    let study = Sensitivity::new(&region, &settings).plan(plan);
    let tornado = study.tornado(&Control::default()).unwrap();
    let figure = verbund::simulation::Figure::Occupancy;
    let plot = plot::tornado(&tornado, &[figure], &source()).unwrap();
    let elements = checked(&plot);
    let bars = bars(&elements);
    assert_eq!(bars.len(), 2 * Factor::ALL.len());

    let widest = tornado.bars(figure)[0];
    let (low, high) = (bars[0].0.number("width"), bars[1].0.number("width"));
    let ratio = widest.low.change.mean.abs() / widest.high.change.mean.abs();
    assert!((low / high - ratio).abs() < 0.05 * ratio, "{low} {high} {ratio}");
    assert!(words(&elements).contains("percentage points"));
    assert_eq!(plot::tornado(&tornado, &[], &source()), Err(NothingToDraw::NoBars));
}

#[test]
fn closures_fall_from_all_in_time_to_nobody() {
    let region = Region::leipzig().unwrap();
    let standard = region.network().catalog().standard("stroke_unit").unwrap();
    let control = Control::default();
    let result = frontier(&region, standard, Sites::All, Order::Pair, &control).unwrap();
    let plot = plot::frontier(&region, &result, &Source::of(&region)).unwrap();
    let elements = checked(&plot);
    let line = &line_points(&elements, BLUE)[0];
    assert_eq!(line.len(), result.steps.len() + 1);
    assert!(line.is_sorted_by(|before, after| before.1 <= after.1 && before.0 < after.0));
    // With all of them closed nobody is in time: the end of the line is the foot of the panel.
    assert_eq!(result.steps.last().unwrap().within_limit, 0);
    let (top, foot) = (line[0].1, line[line.len() - 1].1);
    let share = result.steps[2].within_limit as f64 / result.within_limit as f64;
    assert!((foot - line[3].1 - share * (foot - top)).abs() < 0.05);
    assert!(words(&elements).contains("1,001,286 of 1,058,179 people in time"));
}

fn table(kind: IndicatorKind, figures: &[(i16, usize, Figure)]) -> IndicatorTable {
    let mut entries = Vec::new();
    let mut count = 0;
    for (year, member, figure) in figures {
        count = count.max(member + 1);
        entries.push(Entry {
            member: *member,
            year: *year,
            indicator: 0,
            figure: *figure,
            origin: Origin::Entered,
        });
    }
    let mut members = Vec::new();
    for number in 0..count {
        let (key, name) = (format!("m{number}"), format!("House <{number}>"));
        members.push(Member { key, name, hospital: None });
    }
    let indicator = Indicator {
        key: "deaths".into(),
        name: "Deaths & more".into(),
        kind,
        direction: Direction::LowerIsBetter,
        unit: "%".into(),
        per: 100.0,
        reference: None,
        source: "a test".into(),
        definition: "d".into(),
    };
    IndicatorTable { alliance: "a".into(), members, indicators: vec![indicator], entries }
}

#[test]
fn members_lie_in_the_funnel_by_size_and_value() {
    let share = |events: u64, cases: u64| Figure::Share { events, cases };
    let figures = [share(50, 1_000), share(100, 2_000), share(150, 3_000), share(400, 4_000)];
    let figures: Vec<(i16, usize, Figure)> =
        figures.into_iter().enumerate().map(|(member, figure)| (2025, member, figure)).collect();
    let table = table(IndicatorKind::Share, &figures);
    let settings = ComparisonSettings::default().level(Level::P95);
    let comparison = compare_members(&table, &settings).unwrap();
    let comparison = &comparison.indicators[0];
    let lines = funnel_lines(comparison, &settings).unwrap();
    let view = FunnelView {
        indicator: &table.indicators[0],
        members: &table.members,
        comparison,
        lines: &lines,
        level: Level::P95,
    };
    let elements = checked(&plot::funnel(&view, &source()).unwrap());

    // Three of 5 % lie on one height, 1,000 cases apart; members are told with their names.
    let mut circles = Vec::new();
    for element in &elements {
        if element.name == "circle" && element.attribute("r") == "4" {
            circles.push((element.number("cx"), element.number("cy")));
        }
    }
    circles.sort_by(|a, b| a.0.total_cmp(&b.0));
    assert!((circles[0].1 - circles[2].1).abs() < 0.02);
    assert!((circles[1].0 - circles[0].0 - (circles[2].0 - circles[1].0)).abs() < 0.02);
    let words = words(&elements);
    assert!(words.contains("House <3>: 10.0"), "{words}");
    assert!(words.contains("95 % limits by chance alone"), "{words}");

    // Numbers by themselves, and lines of nobody.
    let without = FunnelView { lines: &[], ..view };
    assert_eq!(plot::funnel(&without, &source()), Err(NothingToDraw::NoFunnel));
}

#[test]
fn years_that_are_special_are_marked_and_told() {
    let mut values = [0.10, 0.11].repeat(7);
    values.push(0.30);
    let years: Vec<i16> = (2011..2026).collect();
    let chart = xmr(&values, Direction::LowerIsBetter, XmrSettings::default()).unwrap();
    let table = table(IndicatorKind::Value, &[(2025, 0, Figure::Value(0.1))]);
    let view = YearsView {
        indicator: &table.indicators[0],
        member: "House <1>",
        years: &years,
        chart: &chart,
    };
    let elements = checked(&plot::years(&view, &source()).unwrap());
    let line = &line_points(&elements, BLUE)[0];
    assert_eq!(line.len(), 15);
    // 0.10 to 0.30 is twenty times as far as 0.10 to 0.11.
    let step = line[0].1 - line[1].1;
    assert!((line[0].1 - line[14].1 - 20.0 * step).abs() < 0.3, "{step}");
    assert!(elements[2].text.contains("2025: 30.0, concern."), "{}", elements[2].text);
    assert!(words(&elements).contains("concern"));
    let without = YearsView { years: &[], ..view };
    assert_eq!(plot::years(&without, &source()), Err(NothingToDraw::NoYears));
}

/// Runs a command with a picture; its text.
#[track_caller]
fn drawn(arguments: &[&str], path: &Path) -> String {
    let mut command = verbund(arguments);
    command.arg("--plot").arg(path);
    let (code, _, error) = run(command);
    assert_eq!(code, 0, "{arguments:?}: {error}");
    let svg = std::fs::read_to_string(path).unwrap();
    let elements = elements(&svg);
    checked(&plot_of(&svg, &elements));
    words(&elements)
}

/// A picture that was read from a file.
fn plot_of(svg: &str, elements: &[Element]) -> Plot {
    let mut plot = plot::minutes(&[minutes_of("CT", &[(Some(1), 1)])], &source()).unwrap();
    plot.title.clone_from(&elements[1].text);
    svg.clone_into(&mut plot.svg);
    plot
}

const SHORT: [&str; 4] = ["--days", "20", "--warm-up", "5"];

#[test]
fn every_command_that_has_a_picture_writes_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("picture.svg");
    let small = ["--network", "small"];

    let words = drawn(&[&["coverage"][..], &small].concat(), &path);
    assert!(words.contains("limit 30 min"), "{words}");
    let simulate = [&["simulate", "--replications", "2"][..], &small, &SHORT].concat();
    let words = drawn(&simulate, &path);
    assert!(words.contains("20 days after 5; seed 1"), "{words}");
    let sensitivity = ["sensitivity", "--points", "0", "--replications", "2"];
    let words = drawn(&[&sensitivity[..], &small, &SHORT].concat(), &path);
    assert!(words.contains("length of stay"), "{words}");
    let words = drawn(&["closures", "--standard", "stroke_unit"], &path);
    assert!(words.contains("hospitals closed"), "{words}");
    let scenario = ["--scenario", "merger-delitzsch-eilenburg"];
    let closures = ["closures", "--standard", "stroke_unit", "--nobody-beyond"];
    let words = drawn(&[&closures[..], &scenario].concat(), &path);
    assert!(words.contains("after: "), "{words}");
}

/// A dictionary and figures of three members over four years.
fn figures(folder: &Path) -> [PathBuf; 2] {
    let dictionary = "id,name,kind,direction,unit,per,reference,source,definition\n\
         deaths,Deaths,share,lower,%,100,,a test,died\n";
    let mut figures = String::from("member,year,indicator,count,denominator,expected,unit\n");
    for (year, more) in [(2021, 0), (2022, 3), (2023, 1), (2024, 2)] {
        for (member, count) in
            [("st-georg-leipzig", 50), ("chemnitz-klinikum", 80), ("Klinikum Fulda", 20)]
        {
            figures.push_str(&format!("{member},{year},deaths,{},1000,,%\n", count + more));
        }
    }
    let files = [folder.join("d.csv"), folder.join("f.csv")];
    std::fs::write(&files[0], dictionary).unwrap();
    std::fs::write(&files[1], figures).unwrap();
    files
}

#[test]
fn pictures_of_an_alliance_are_a_funnel_and_years() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("picture.svg");
    let files = figures(folder.path());
    let [dictionary, figures] = files.each_ref().map(|file| file.to_str().unwrap());
    let given = ["alliance", "akg", "--dictionary", dictionary, "--figures", figures];
    let compare = [&given[..], &["--compare", "--indicator", "deaths"]].concat();
    let words = drawn(&compare, &path);
    assert!(words.contains("members against chance, 2024"), "{words}");
    let years = [&given[..], &["--over-years", "deaths", "--member", "st-georg-leipzig"]].concat();
    let words = drawn(&years, &path);
    assert!(words.contains("Deaths over the years"), "{words}");

    // What is compared are many indicators, of which none is meant.
    let mut command = verbund(&[&given[..], &["--compare"]].concat());
    command.arg("--plot").arg(&path);
    let (code, _, error) = run(command);
    assert!(code == 2 && error.contains("needs an --indicator"), "{error}");
    // Figures that the run reads are not replaced.
    let svg = folder.path().join("figures.svg");
    std::fs::copy(figures, &svg).unwrap();
    let read = ["alliance", "akg", "--dictionary", dictionary, "--figures", svg.to_str().unwrap()];
    let mut command = verbund(&[&read[..], &["--compare", "--indicator", "deaths"]].concat());
    command.arg("--plot").arg(&svg);
    let (code, _, error) = run(command);
    assert!(code == 2 && error.contains("the run reads this file"), "{error}");
    assert!(std::fs::read_to_string(&svg).unwrap().starts_with("member,"));
}

#[test]
fn what_cannot_be_written_is_told_and_nothing_is_left() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let coverage = ["coverage", "--network", "small"];
    let fails = |more: &[&str], told: &str| {
        let (code, out, error) = run(verbund(&[&coverage[..], more].concat()));
        assert!(code == 2 && out.is_empty() && error.contains(told), "{code} {error}");
    };
    fails(&["--plot", &path("a.png")], "a name that ends in .svg is needed");
    fails(&["--plot", &path("no/a.svg")], "there is no folder");
    fails(&["--plot", &path("a.svg"), "--output", &path("a.svg")], "name the same file");
    let scenario = ["--scenario", "winter", "--scenario", "winter"];
    let leipzig = ["coverage", "--plot", &path("a.svg")];
    let (code, _, error) = run(verbund(&[&leipzig[..], &scenario].concat()));
    assert!(code == 2 && error.contains("the file is for one answer"), "{error}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);

    // Nothing to draw is no fault: a sentence, the table, and no file.
    let closures = ["closures", "--network", "small", "--standard", "cath_lab"];
    let mut command = verbund(&closures);
    command.arg("--plot").arg(path("a.svg"));
    let (code, out, error) = run(command);
    assert_eq!(code, 0, "{error}");
    assert!(error.contains("nothing to draw") && !out.is_empty(), "{error}");
    assert!(!Path::new(&path("a.svg")).exists());
}

#[test]
fn the_page_has_a_picture_for_every_standard_the_beds_and_closures() {
    let (code, html, error) = run(verbund(&["page", "--network", "small"]));
    assert_eq!(code, 0, "{error}");
    let standards = &small().network().catalog().standards.len();
    let figures: Vec<&str> = html.split("<figure>").skip(1).collect();
    assert_eq!(figures.len(), standards + 2);
    for figure in figures {
        let svg = figure.split_once("</figure>").unwrap().0.trim();
        let elements = elements(svg);
        checked(&plot_of(svg, &elements));
    }
}
