"""What trial polls ask: one question of each of three kinds."""

from typing import Any

from hapgang.core.text import Text

TITLE = Text("Trial: the square by the river", "시연: 강변 광장")
REASON = Text("A trial for everybody who lives here.", "이 도시에 사는 모두를 위한 시연입니다.")


def trustee_name(index: int) -> Text:
    """Return how a played trustee is named."""
    return Text(f"Demonstration, trustee {index}", f"시연 수탁자 {index}")


def _option(name: str, en: str, ko: str, cost: int = 0) -> dict[str, Any]:
    return {"id": name, "title": {"en": en, "ko": ko}, "cost": cost}


QUESTIONS: list[dict[str, Any]] = [
    {
        "id": "use",
        "title": {"en": "What should the square be?", "ko": "광장을 무엇으로 쓸까요?"},
        "kind": "choose", "top": 1, "least": 1, "most": 1,
        "options": [
            _option("park", "A park with trees", "나무가 있는 공원"),
            _option("market", "A weekend market", "주말 장터"),
            _option("stage", "An open stage", "열린 무대"),
        ],
    },
    {
        "id": "order",
        "title": {"en": "What should come first?", "ko": "무엇부터 할까요?"},
        "kind": "rank", "top": 1, "least": 2, "most": 2,
        "options": [
            _option("shade", "Shade", "그늘"),
            _option("toilets", "Toilets", "화장실"),
            _option("bicycles", "Bicycle stands", "자전거 거치대"),
        ],
    },
    {
        "id": "budget",
        "title": {
            "en": "How should 100 million won be spent? (costs in million won)",
            "ko": "1억 원을 어떻게 쓸까요? (단위: 백만 원)",
        },
        "kind": "budget", "top": 1, "least": 0, "most": 100,
        "options": [
            _option("fountain", "Fountain", "분수", 60),
            _option("playground", "Playground", "놀이터", 45),
            _option("lights", "Lights", "조명", 30),
            _option("benches", "Benches", "벤치", 20),
        ],
    },
]  # fmt: skip
