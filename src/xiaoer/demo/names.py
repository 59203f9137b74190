"""Invented names of people and firms, always the same for the same seed.

Names are put together from syllables; none is taken from life. A firm that the articles name is not
invented here: see ``named.py``.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass

SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕施张孔曹严华金魏陶姜戚谢邹喻柏窦章云苏潘葛范彭郎鲁韦昌马苗凤方俞任袁柳鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅卞齐康伍余元卜顾孟平黄和穆萧尹"
GIVEN = "敏立群祥宇建平然若知夏恺青嘉禾砚允曼桐晓峰文静志远雪松海涛明哲佳宁子涵思源丽娟国庆春燕振华玉兰俊杰秀英浩宇欣怡少华慧敏永刚桂芳"
PLACES = "济宁"
FIRST = (
    "岱泗恒凌青荷星砺瑞嘉中东拓川禾景远泽润宏鼎泰锐博森澜朗辰曜钧昊卓凯腾邦诺汇盛启航颐衡岚沐昱铭"
)
SECOND = (
    "锋源岳渠禾塘洛石桥印岭原泽川禾钢建光程新达力科诚信昌隆茂丰润通和联合创越晟翔腾迈宇拓跃臻鸿"
)


@dataclass(frozen=True, slots=True)
class Trade:
    """What a firm makes: the word in its name, its GB/T 4754 class, its share of all firms."""

    word: str
    industry: str
    share: int
    business: str


INDUSTRIAL = (
    Trade("机械", "3511", 16, "矿山机械设备及配件的制造、销售"),
    Trade("液压", "3444", 9, "液压动力机械及元件的制造、销售"),
    Trade("模具", "3525", 7, "模具的设计、制造、销售"),
    Trade("新材料", "3985", 8, "电子专用材料的研发、制造、销售"),
    Trade("电子", "3982", 6, "电子电路的制造、销售"),
    Trade("光电", "3976", 4, "光电子器件的研发、制造"),
    Trade("汽车零部件", "3670", 9, "汽车零部件及配件的制造、销售"),
    Trade("工程机械", "3514", 6, "建筑工程用机械的制造、维修"),
    Trade("生物科技", "2761", 4, "生物制品的研发、生产"),
    Trade("制药", "2720", 2, "化学药品制剂的生产"),
    Trade("医疗器械", "3581", 3, "医疗诊断、监护设备的制造"),
    Trade("包装", "2231", 6, "纸和纸板容器的制造、销售"),
    Trade("印务", "2319", 3, "包装装潢及其他印刷"),
    Trade("食品", "1432", 5, "速冻食品的生产、销售"),
    Trade("纺织", "1711", 4, "棉纺纱加工"),
    Trade("建材", "3021", 5, "水泥制品的制造、销售"),
    Trade("铸造", "3391", 5, "黑色金属铸造"),
    Trade("环保设备", "3591", 4, "环境保护专用设备的制造、安装"),
    Trade("热电", "4412", 1, "热电联产"),
    Trade("化工", "2669", 3, "专项化学用品的制造、销售"),
)
SERVICES = (
    Trade("物流", "5920", 4, "普通货物仓储、配送服务"),
    Trade("软件", "6513", 4, "应用软件的开发、服务"),
    Trade("检测技术", "7452", 2, "检测服务"),
    Trade("商贸", "5179", 3, "机电产品的批发、零售"),
)

# Enterprises the demo shows by name, all in the cell of the officer it shows.
SHOWN = {
    "jhtz": (
        ("济宁岱锋液压有限公司", "液压", "岱锋液压"),
        ("济宁泗源新材料有限公司", "新材料", "泗源新材"),
        ("济宁青禾包装有限公司", "包装", "青禾包装"),
        ("济宁荷塘食品有限公司", "食品", "荷塘食品"),
        ("济宁恒岳模具有限公司", "模具", "恒岳模具"),
        ("济宁凌渠智装机械有限公司", "机械", "凌渠智装"),
        ("济宁星洛电子有限公司", "电子", "星洛电子"),
    ),
}
SHOWN_NAMES = frozenset(name for firms in SHOWN.values() for name, _word, _short in firms)
# Who speaks for the enterprise whose page the demo shows.
SPEAKER, SPEAKER_PHONE, SPEAKS_FOR = "赵砚", "19900002206", "济宁泗源新材料有限公司"
# Invented credit codes of a zone count on from here.
FIRST_CODE = {"jhtz": 1_000_000, "jedz": 2_000_000, "canal": 3_000_000}


def people(seed: str) -> Iterator[str]:
    """Names without end, none twice."""
    dice = random.Random(f"people {seed}")
    used: set[str] = set()
    while True:
        name = dice.choice(SURNAMES) + "".join(dice.sample(GIVEN, dice.choice((1, 2, 2))))
        if name not in used:
            used.add(name)
            yield name


def firms(seed: str, trades: tuple[Trade, ...]) -> Iterator[tuple[str, Trade]]:
    """Firm names with their trade without end, none twice."""
    dice = random.Random(f"firms {seed}")
    weights = [trade.share for trade in trades]
    used: set[str] = set()
    while True:
        trade = dice.choices(trades, weights)[0]
        brand = dice.choice(FIRST) + dice.choice(SECOND)
        name = f"{PLACES}{brand}{trade.word}有限公司"
        if brand[0] != brand[1] and name not in used:
            used.add(name)
            yield name, trade


def industrial_firms(code: str) -> Iterator[tuple[str, Trade]]:
    """The industrial enterprises of a zone in their order, the shown ones first."""
    trades = {trade.word: trade for trade in INDUSTRIAL}
    shown = {name: trades[word] for name, word, _short in SHOWN.get(code, ())}
    yield from shown.items()
    yield from (pair for pair in firms(code, INDUSTRIAL) if pair[0] not in shown)


def mobile(dice: random.Random) -> str:
    """A telephone number of a block that no operator gives out."""
    return f"1990000{dice.randrange(10000):04d}"
