"""The standards of the state as they were read, with mark and source; every row can be changed."""

from dataclasses import dataclass
from datetime import date

from xiaoer.growth.models import Sector, StatThreshold

STATISTICS = "国家统计局 一套表统计调查制度、统计单位基本情况统计报表制度"
SIZES = "工信部联企业〔2011〕300号 中小企业划型标准规定；行业归类按国统字〔2017〕213号，待核对"
STATISTICS_FROM = date(2011, 1, 1)
SIZES_FROM = date(2011, 6, 18)
BASIS = StatThreshold.Basis
WAN_FEN = 1_000_000


@dataclass(frozen=True, slots=True)
class SeededThreshold:
    """Sector, industries, what is compared, and the line in 万元."""

    sector: str
    industries: str
    basis: str
    wan: int | None = None


THRESHOLDS = (
    SeededThreshold(Sector.INDUSTRY, "06-46", BASIS.MAIN_REVENUE, 2000),
    SeededThreshold(Sector.CONSTRUCTION, "47-50", BASIS.QUALIFICATION),
    SeededThreshold(Sector.WHOLESALE, "51", BASIS.MAIN_REVENUE, 2000),
    SeededThreshold(Sector.RETAIL, "52", BASIS.MAIN_REVENUE, 500),
    SeededThreshold(Sector.HOTEL, "61", BASIS.MAIN_REVENUE, 200),
    SeededThreshold(Sector.CATERING, "62", BASIS.MAIN_REVENUE, 200),
    SeededThreshold(Sector.REALESTATE_DEV, "7010", BASIS.ACTIVITY),
    SeededThreshold(Sector.SERVICE_2000, "53-60,63-65,76-79,84", BASIS.REVENUE, 2000),
    SeededThreshold(Sector.SERVICE_1000, "71-75,83,7020,7030,7040,7090", BASIS.REVENUE, 1000),
    SeededThreshold(Sector.SERVICE_500, "80-82,85,86-90", BASIS.REVENUE, 500),
)

Bounds = tuple[int | None, int | None, int | None]


@dataclass(frozen=True, slots=True)
class SeededSize:
    """A sector's bounds: employees, revenue and assets in 万元, for large, medium, small."""

    sector: str
    name: str
    name_en: str
    industries: str
    large: Bounds
    medium: Bounds
    small: Bounds


N = None
SIZE_STANDARDS = (
    SeededSize("agri", "农林牧渔业", "farming", "01-05",
               (N, 20000, N), (N, 500, N), (N, 50, N)),
    SeededSize("industry", "工业", "industry", "06-46",
               (1000, 40000, N), (300, 2000, N), (20, 300, N)),
    SeededSize("construction", "建筑业", "construction", "47-50",
               (N, 80000, 80000), (N, 6000, 5000), (N, 300, 300)),
    SeededSize("wholesale", "批发业", "wholesale", "51",
               (200, 40000, N), (20, 5000, N), (5, 1000, N)),
    SeededSize("retail", "零售业", "retail", "52",
               (300, 20000, N), (50, 500, N), (10, 100, N)),
    SeededSize("transport", "交通运输业", "transport", "54-58",
               (1000, 30000, N), (300, 3000, N), (20, 200, N)),
    SeededSize("storage", "仓储业", "storage", "59",
               (200, 30000, N), (100, 1000, N), (20, 100, N)),
    SeededSize("post", "邮政业", "post", "60",
               (1000, 30000, N), (300, 2000, N), (20, 100, N)),
    SeededSize("hotel", "住宿业", "hotels", "61",
               (300, 10000, N), (100, 2000, N), (10, 100, N)),
    SeededSize("catering", "餐饮业", "catering", "62",
               (300, 10000, N), (100, 2000, N), (10, 100, N)),
    SeededSize("telecom", "信息传输业", "telecommunications", "63-64",
               (2000, 100000, N), (100, 1000, N), (10, 100, N)),
    SeededSize("software", "软件和信息技术服务业", "software", "65",
               (300, 10000, N), (100, 1000, N), (10, 50, N)),
    SeededSize("realestate_dev", "房地产开发经营", "real estate development", "7010",
               (N, 200000, 10000), (N, 1000, 5000), (N, 100, 2000)),
    SeededSize("property_mgmt", "物业管理", "property management", "7020",
               (1000, 5000, N), (300, 1000, N), (100, 500, N)),
    SeededSize("leasing_business", "租赁和商务服务业", "leasing and business services", "71-72",
               (300, N, 120000), (100, N, 8000), (10, N, 100)),
    SeededSize("other", "其他未列明行业", "other", "73-82,85,86-90,7030,7090",
               (300, N, N), (100, N, N), (10, N, N)),
)  # fmt: skip
