//! `--plot` of the commands whose results are pictures, too.

use std::path::Path;

use anyhow::Context;
use verbund::Region;
use verbund::disk;
use verbund::plot::{NothingToDraw, Plot, Source};

use super::after::{self, Networks, ScenarioOptions};
use super::faults::Faults;
use super::faults::fault;
use super::terminal::remark;
use super::{Common, output};

/// Another file that the run writes: its flag and path.
pub(super) type OtherFile<'p> = (&'static str, Option<&'p Path>);

/// Notes why the file of a picture cannot be written: its name, its folder, another file of the run.
pub(super) fn check(
    common: &Common,
    plot: Option<&Path>,
    other: OtherFile<'_>,
    faults: &mut Faults,
) {
    let Some(path) = plot else { return };
    let is_svg = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("svg"));
    if !is_svg {
        faults.add(&fault!(
            "--plot {path}: a picture is SVG; a name that ends in .svg is needed",
            path = path.display()
        ));
        return;
    }
    faults.note(output::check_file("--plot", path));
    faults.note(output::check_other(common, "--plot", path));
    if let (flag, Some(beside)) = other
        && disk::is_same_file(beside, path)
    {
        faults.add(&fault!("--plot and {flag} name the same file", flag));
    }
}

/// The same where flags may ask for several answers: a picture is of one.
pub(super) fn check_single(options: &ScenarioOptions, plot: Option<&Path>, faults: &mut Faults) {
    if let Some(path) = plot {
        after::refuse_to_keep(options, "--plot", path, faults);
    }
}

/// Where the numbers of a picture come from: the region, and what changed it.
pub(super) fn source(region: &Region, networks: &Networks) -> Source {
    let source = Source::of(region);
    match networks.names() {
        Some(names) => source.after(names),
        None => source,
    }
}

/// Writes a picture; where there is nothing to draw, says so and writes nothing.
pub(super) fn write(path: &Path, plot: Result<Plot, NothingToDraw>) -> anyhow::Result<()> {
    match plot {
        Ok(plot) => {
            disk::write_whole(path, &plot.svg).with_context(|| format!("--plot {}", path.display()))
        }
        Err(nothing) => {
            remark(&format!("--plot {}: {nothing}", path.display()));
            Ok(())
        }
    }
}
