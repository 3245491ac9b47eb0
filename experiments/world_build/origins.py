"""Where each raw file comes from, and how to read it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from sim.errors import InputError


@dataclass(frozen=True, slots=True)
class Origin:
    """The public source of one raw file: who publishes it, under which title, which release."""

    publisher: str
    dataset: str
    release: str


ORIGINS = {
    "trade/exports_2021_core66_plus_ROW.csv": Origin(
        "United Nations Statistics Division",
        "UN Comtrade: exports of goods by partner, exporter-reported FOB, commodity TOTAL",
        "year 2021; comtradeplus.un.org",
    ),
    "trade/russia_trade_by_partner_2016_2022.csv": Origin(
        "International Monetary Fund",
        "International Trade in Goods by partner country (IMTS, formerly DOTS): Russia",
        "years 2016 to 2022; data.imf.org, dataset IMTS",
    ),
    "trade/eu_total_and_fuel_trade_monthly.csv": Origin(
        "Eurostat",
        "Comext DS-045409: EU trade by HS2-4-6, TOTAL and chapter 27",
        "2020-01 to 2022-06, cut by V. Zemlys-Balevicius",
    ),
    "trade/armenia_monthly_trade_by_partner_2018_2024.csv": Origin(
        "Statistical Committee of the Republic of Armenia (Armstat)",
        "External trade database: exports and imports by partner, monthly",
        "year 2021",
    ),
    "icio_2022/icio_2022.npz": Origin(
        "OECD",
        "Inter-Country Input-Output tables (ICIO), 80 countries x 50 industries, summed to 17",
        "2025 edition, year 2022, as packaged with sanction-simulator 0.1.4 (PyPI)",
    ),
    "wiod_2011/wiod_2011.npz": Origin(
        "WIOD consortium (Timmer, Dietzenbacher, Los, Stehrer, de Vries 2015)",
        "World Input-Output Table, 40 countries and rest of world x 35 industries",
        "release 2013, year 2011, as packaged with the R package wiod 0.4.0 (CRAN)",
    ),
    "alliances/atop5_dyads_2014_2016_2018.csv": Origin(
        "ATOP project, Rice University (Leeds, Ritter, Mitchell, Long 2002)",
        "Alliance Treaty Obligations and Provisions, dyad-year",
        "version 5, year 2018; atopdata.org",
    ),
    "alliances/memberships_hand.csv": Origin(
        "this project",
        "Memberships of institutions, typed by hand from memory",
        "NATO and EU sets cross-checked with country_converter 1.3.2 (PyPI)",
    ),
    "unga/es11_1_vote_all193.csv": Origin(
        "United Nations Digital Library",
        "Voting record of A/RES/ES-11/1",
        "2 March 2022",
    ),
    "unga/ideal_points_2010_2024.csv": Origin(
        "Bailey, Strezhnev, Voeten (2017), J. Conflict Resolution 61",
        "United Nations General Assembly voting data: ideal points, doi:10.7910/DVN/LEJUQZ",
        "release of July 2025",
    ),
    "timeline/sanctions_timeline.csv": Origin(
        "this project",
        "Dated acts to 20 May 2022: those of Russia, Belarus and China are used",
        "read from the government, law-firm and news pages named in each row",
    ),
    "record/adoptions.csv": Origin(
        "this project",
        "Who adopted what by 20 May 2022, and what was not adopted: senders x targets x measures",
        "read from the government, law-firm and news pages named in each row",
    ),
    "record/waves.csv": Origin(
        "this project",
        "Listings, bank freezes and export lists to 20 May 2022, round by round",
        "EU consolidated list, Canadian regulations, trackers of law firms, named in each row",
    ),
    "record/countermeasures.csv": Origin(
        "this project",
        "Answers of Russia and Belarus to 20 May 2022, beside those of the older table",
        "read from the news and law-firm pages named in each row",
    ),
    "econ_monthly/eu_gas_flows_by_route_monthly.csv": Origin(
        "ENTSOG",
        "Transparency platform: physical flows at entry points, collected by Bruegel",
        "daily points 2021-01 to 2023-03, summed to months and routes",
    ),
    "record/gas.csv": Origin(
        "this project",
        "European buyers of Russian gas: answers to payment in rubles by 20 May 2022",
        "read from the news pages named in each row; shares mostly recalled",
    ),
    "record/meetings.csv": Origin(
        "this project",
        "Meetings of leaders, ministers and officials, November 2021 to December 2022",
        "White House readouts and the pages named in each row; after 20 May 2022 dates only",
    ),
    "record/belarus_trade.csv": Origin(
        "this project",
        "Belarus's exports of goods in 2021 by partner and sector, from Comtrade, Eurostat, IMF",
        "statements of the government of Belarus, Eurostat; sectors partly inferred",
    ),
    "timeline/russia_unfriendly_list_2022_03_07.csv": Origin(
        "Government of the Russian Federation, as reported by ENR Law, Conan Daily, Voltairenet",
        "List of states that commit unfriendly acts",
        "5 March 2022, published on 7 March",
    ),
    "attributes/wb_gdp_current_usd_2015_2024.csv": Origin(
        "World Bank", "World Development Indicators, NY.GDP.MKTP.CD", "years 2021 and 2022"
    ),
    "attributes/wdi_selected_2018_2022.csv": Origin(
        "World Bank",
        "World Development Indicators, NE.EXP.GNFS.ZS and NE.IMP.GNFS.ZS: exports and imports of "
        "goods and services, % of GDP",
        "year 2021",
    ),
    "attributes/cow_nmc_2012_2022.csv": Origin(
        "Correlates of War project",
        "National Material Capabilities (cinc, tpop)",
        "version with data to 2022; correlatesofwar.org",
    ),
    "attributes/vdem_polyarchy_libdem_2015_2024.csv": Origin(
        "V-Dem Institute", "V-Dem country-year: v2x_polyarchy", "data to 2024; v-dem.net"
    ),
    "distance/cepii_geodist_cut.csv": Origin(
        "CEPII (Mayer and Zignago 2011)",
        "GeoDist, dist_cepii: distcap, contig, comlang_off, comlang_ethno, colony",
        "2011; cepii.fr",
    ),
    "energy/crea_comtrade_eurostat_annual_2019_2022.csv": Origin(
        "Centre for Research on Energy and Clean Air (CREA)",
        "Fossil fuel imports from Russia by country, from UN Comtrade and Eurostat",
        "annual 2021; github.com/energyandcleanair",
    ),
    "energy/crea_fossil_imports_from_russia_mn_eur.csv": Origin(
        "Centre for Research on Energy and Clean Air (CREA)",
        "Fossil fuel imports from Russia, summary by EU member",
        "year of the summary not stated; github.com/energyandcleanair",
    ),
    "energy/bp2020_oil_interarea_mt.csv": Origin(
        "BP", "Statistical Review of World Energy: oil inter-area movements", "2021, year 2020"
    ),
    "energy/bp2020_coal_interarea_EJ.csv": Origin(
        "BP", "Statistical Review of World Energy: coal inter-area movements", "2021, year 2020"
    ),
    "energy/bp2020_gas_pipeline_bcm.csv": Origin(
        "BP",
        "Statistical Review of World Energy: gas trade movements by pipeline",
        "2021, year 2020",
    ),
    "energy/bp2020_gas_lng_bcm.csv": Origin(
        "BP", "Statistical Review of World Energy: gas trade movements as LNG", "2021, year 2020"
    ),
    "energy/derived_gas_share_russia_2020_bp.csv": Origin(
        "BP",
        "Statistical Review of World Energy: gas movements by pipeline and as LNG",
        "2021, year 2020",
    ),
    "energy/derived_eurostat_share_russia_2019_2021.csv": Origin(
        "Eurostat", "nrg_ti_oil: imports of crude oil by partner", "years 2019 to 2021"
    ),
    "energy/russia_import_share_recalled.csv": Origin(
        "this project", "Ranges of Russian shares in fuel imports, from memory", "year 2021"
    ),
    "markets/brent_spot_monthly_2015_2024.csv": Origin(
        "US Energy Information Administration", "Europe Brent spot price FOB", "monthly"
    ),
    "econ_monthly/commodity_prices_monthly.csv": Origin(
        "World Bank", "Commodity Markets, Pink Sheet: monthly prices", "release of 2 May 2025"
    ),
    "crypto/chainalysis_2021_index_top45.csv": Origin(
        "Chainalysis", "The 2021 Geography of Cryptocurrency Report, pp. 117-118", "2021"
    ),
}
# What the world of 2014 takes from other files, or from other years of the same ones.
ORIGINS_2014 = {
    "unga/res_68_262_crimea_2014_vote.csv": Origin(
        "United Nations Digital Library", "Voting record of A/RES/68/262", "27 March 2014"
    ),
    "attributes/polity5_polity2_2014_2020.csv": Origin(
        "Center for Systemic Peace", "Polity5: polity2", "year 2014; systemicpeace.org"
    ),
    "attributes/wb_gdp_current_usd_2015_2024.csv": Origin(
        "World Bank", "World Development Indicators, NY.GDP.MKTP.CD", "year 2015"
    ),
    "alliances/atop5_dyads_2014_2016_2018.csv": Origin(
        "ATOP project, Rice University (Leeds, Ritter, Mitchell, Long 2002)",
        "Alliance Treaty Obligations and Provisions, dyad-year",
        "version 5, year 2014; atopdata.org",
    ),
}


def raw_path(folder: Path, name: str) -> Path:
    """Return the path of a raw file, or say what to fetch if it is not there."""
    path = folder / name
    if not path.is_file():
        origin = (ORIGINS_2014 | ORIGINS)[name]
        raise InputError(
            f"{path} is missing; fetch it from {origin.publisher}: "
            f"{origin.dataset} ({origin.release})"
        )
    return path


def read_raw(folder: Path, name: str) -> pd.DataFrame:
    """Return a raw CSV table."""
    return pd.read_csv(raw_path(folder, name), keep_default_na=True)


def read_network(folder: Path, name: str) -> dict[str, np.ndarray]:
    """Return the arrays of a raw input-output network, real ones in double precision."""
    with np.load(raw_path(folder, name)) as arrays:
        return {
            key: arrays[key].astype(float) if arrays[key].dtype.kind in "fi" else arrays[key]
            for key in arrays.files
        }


def public_name(title: str) -> str:
    """Name a page by publisher and title rather than by the copy that was read."""
    if title == "memory":
        return "recalled"
    title = re.sub(r" release, repo \S+ @\w+:", ",", title)
    title = re.sub(r", repo \S+ @\w+", "", title)
    title = title.replace("presidential-actions/2022-02-21 executive order", "EO 14065")
    return re.sub(
        r"EU Council timeline text in \S+ \(repo [^)]*\)", "Council of the EU, timeline", title
    )
