//! Files that a run leaves: its queueing model and the stays of one replication.

use std::io::Write as _;
use std::path::Path;

use anyhow::{Context as _, bail};
use verbund::disk::WholeFile;
use verbund::random::Seed;
use verbund::said;
use verbund::simulation::{CsvTrace, PatientFlow, trace};

use super::super::faults::fault;
use super::super::input;
use super::super::queue::LONGEST_FILE;

/// Writes the queueing model of a flow, unless `verbund queue` would not read it.
pub(super) fn write_model(path: &Path, flow: &PatientFlow<'_>) -> anyhow::Result<()> {
    // Without spaces: indented, the thousands of streams of a region are more than twice as long.
    let text = serde_json::to_string(flow.model())?;
    if text.len() as u64 > LONGEST_FILE {
        let (has, most) = (text.len().div_ceil(1_000_000), LONGEST_FILE / 1_000_000);
        bail!(fault!(
            "the model has {has} MB; at most {most} MB are read by `verbund queue`",
            has,
            most
        ));
    }
    let mut file = WholeFile::create(path)?;
    file.write_all(text.as_bytes())?;
    file.finish()?;
    Ok(())
}

/// Writes the trace; what the document says of it.
pub(super) fn traced(path: &Path, flows: &[PatientFlow<'_>], seed: Seed) -> anyhow::Result<String> {
    let waiting = input::waiting("writing the trace");
    let count =
        write_trace(path, flows, seed).with_context(|| format!("--trace {}", path.display()))?;
    waiting.finish_and_clear();
    Ok(said!("{count} stays of replication 0 in {path}", count, path = path.display()))
}

/// Writes every stay of replication 0 of all flows; how many there are.
fn write_trace(path: &Path, flows: &[PatientFlow<'_>], seed: Seed) -> anyhow::Result<u64> {
    let mut count = 0;
    let out = std::io::BufWriter::with_capacity(1 << 16, WholeFile::create(path)?);
    let out = if is_parquet(path) {
        write_parquet(out, flows, seed, &mut count)?
    } else {
        let mut file = CsvTrace::new(out)?;
        for flow in flows {
            trace(flow, seed, 0, |stay| {
                count += 1;
                file.stay(stay)
            })?;
        }
        file.finish()?
    };
    out.into_inner().map_err(std::io::IntoInnerError::into_error)?.finish()?;
    Ok(count)
}

#[cfg(feature = "parquet")]
fn write_parquet<W: std::io::Write + Send>(
    out: W,
    flows: &[PatientFlow<'_>],
    seed: Seed,
    count: &mut u64,
) -> anyhow::Result<W> {
    let mut file = verbund::simulation::ParquetTrace::new(out)?;
    for flow in flows {
        trace(flow, seed, 0, |stay| {
            *count += 1;
            file.stay(stay)
        })?;
    }
    Ok(file.finish()?)
}

#[cfg(not(feature = "parquet"))]
fn write_parquet<W: std::io::Write + Send>(
    _: W,
    _: &[PatientFlow<'_>],
    _: Seed,
    _: &mut u64,
) -> anyhow::Result<W> {
    bail!(fault!("built without the feature parquet"))
}

pub(super) fn is_parquet(path: &Path) -> bool {
    path.extension().is_some_and(|end| end.eq_ignore_ascii_case("parquet"))
}
