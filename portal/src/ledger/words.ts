import { defineWords } from "~/words/language";

/** What a proof says, and what it leaves open. */
export const proofWords = defineWords({
  prove: { ko: "증명 보기", en: "Prove it" },
  proveWhat: { ko: "증명 보기: {what}", en: "Prove it: {what}" },
  title: { ko: "이 내역의 증명", en: "The proof of this line" },
  close: { ko: "닫기", en: "Close" },
  checking: { ko: "이 브라우저가 계산하고 있어요.", en: "This browser is computing." },
  notSigned: {
    ko: "아직 서명되지 않았어요. 내역은 저장되어 있고 1분 안에 서명돼요. 서명되면 여기에 바로 나타나니 기다려 주세요.",
    en: "Not signed yet. The line is on disk and is signed within a minute; the proof appears here by itself.",
  },
  proved: { ko: "증명되었어요", en: "Proved" },
  partly: { ko: "일부만 확인했어요", en: "Only partly checked" },
  failed: { ko: "증명되지 않았어요", en: "Not proved" },
  provedDetail: {
    ko: "이 브라우저가 직접 계산했고, 도시에는 맞는지 묻지 않았어요.",
    en: "This browser computed it by itself; the city was not asked whether it is right.",
  },
  partlyDetail: {
    ko: "계산은 맞지만 서명을 확인하지 못했어요. 누구의 기록인지는 아직 몰라요.",
    en: "The computation holds, but the signature could not be checked: whose log it is stays open.",
  },
  failedDetail: {
    ko: "증명서, 키, 기록 가운데 하나가 바뀌었거나 잘못되었어요. 이 내용을 믿지 마세요.",
    en: "The receipt, the key or the log was changed or is wrong. Do not rely on what it says.",
  },
  whatIsSaid: { ko: "증명된 내용", en: "What is proved" },
  whatIsClaimed: { ko: "증명서가 말하는 내용", en: "What the receipt claims" },
  holds: { ko: "확인한 것", en: "What holds" },
  open: { ko: "증명하지 않는 것", en: "What is not proved" },
  holdsPlace: {
    ko: "도시가 이 내용을 적어 두었어요. 기록 {size}건 가운데 {place}번째예요.",
    en: "The city wrote this down: it is number {place} of the {size} facts in its log.",
  },
  holdsSame: {
    ko: "그 뒤로 한 글자도 바뀌지 않았어요. 바뀌었다면 계산이 맞지 않아요.",
    en: "Not one letter was changed since, or the computation would not come out.",
  },
  holdsSigned: {
    ko: "{origin}의 키로 서명된 기록이에요.",
    en: "The log was signed with the key of {origin}.",
  },
  openTrue: {
    ko: "적힌 내용이 사실이라는 것. 적혔고 그대로라는 것만 알 수 있어요.",
    en: "That what was written is true: only that it was written, and stayed as it was.",
  },
  openOthers: {
    ko: "다른 사람에게도 같은 기록을 보여 준다는 것. 체크포인트를 서로 맞춰 보면 알 수 있어요.",
    en: "That everybody is shown the same log. Compare checkpoints with other people.",
  },
  openKey: {
    ko: "키가 정말 도시의 것이라는 것. 키를 도시에서 받았으니, 신문이나 아는 사람의 키와 맞춰 보세요.",
    en: "That the key is the city's: it came from the city just now. Compare it with one from a newspaper or a friend.",
  },
  openKeyKept: {
    ko: "키가 정말 도시의 것이라는 것. {at}에 도시에서 받아 이 브라우저가 기억하는 키예요.",
    en: "That the key is the city's: this browser got it from the city on {at} and remembered it.",
  },
  openWhen: {
    ko: "서명된 시각. 체크포인트에는 크기만 있고 시각은 없어요.",
    en: "When it was signed: a checkpoint has a size, and no time.",
  },
  openWitnesses: {
    ko: "다른 서명 {count}개. 이 화면은 그 키를 몰라요.",
    en: "Signatures of others ({count}): this page does not know their keys.",
  },
  openAnchor: {
    ko: "체인에 올라갔다는 것. 증명서가 그렇게 말하지만 이 화면은 체인을 보지 않아요.",
    en: "That it is on a chain: the receipt says so, and this page looks at no chain.",
  },
  keyChanged: { ko: "도시의 키가 바뀌었어요", en: "The city's key has changed" },
  keyChangedDetail: {
    ko: "이 브라우저가 {at}에 기억한 키와 지금 도시가 주는 키가 달라요. 기억한 키로 확인했어요. 도시에 이유를 물어보고, 도시 기록 화면에서 새로 기억할 수 있어요.",
    en: "The city now gives another key than the one that this browser remembered on {at}, which was used here. Ask the city why; the page of the city's log can begin anew.",
  },
  steps: { ko: "한 단계씩 보기", en: "Step by step" },
  step_form: { ko: "증명서 읽기", en: "Reading the receipt" },
  step_fact: {
    ko: "사실을 정해진 한 가지 모양으로 쓰기",
    en: "Writing the fact in its one canonical form",
  },
  step_commitment: {
    ko: "솔트를 앞에 붙여 SHA-256 계산하기. 기록에는 이 값만 있어요",
    en: "Its SHA-256 with the salt in front: all that the log holds of it",
  },
  step_path: {
    ko: "경로를 따라 나무의 루트까지 올라가, 체크포인트의 루트와 견주기",
    en: "Climbing along the path to the tree's root, and comparing it with the checkpoint's",
  },
  step_signature: {
    ko: "체크포인트의 Ed25519 서명을 이 키로 확인하기",
    en: "Checking the checkpoint's Ed25519 signature with this key",
  },
  step_growth: {
    ko: "예전 루트에서 새 루트까지 계산해 견주기",
    en: "Computing the newer root from the older one, and comparing",
  },
  held: { ko: "맞아요", en: "Holds" },
  stepFailed: { ko: "맞지 않아요", en: "Does not hold" },
  unable: { ko: "확인하지 못했어요", en: "Could not be checked" },
  elsewhere: { ko: "증명서 확인 화면 열기", en: "Open the page that checks receipts" },
  save: { ko: "증명서 저장", en: "Save the receipt" },
  keepHelp: {
    ko: "저장한 파일은 도시의 서버가 꺼져 있어도 확인할 수 있어요. 이 주소의 /verify에 놓거나, 합강 소스의 verifier 폴더에 있는 150줄짜리 프로그램으로 확인하세요.",
    en: "The file can be checked with the city's server switched off: drop it on /verify here, or use the program of 150 lines in the folder verifier of Hapgang's source.",
  },
  keepCode: {
    ko: "증명서에는 이 내역과 그 솔트가 모두 들어 있어요. 보여 줄 사람에게만 주세요.",
    en: "A receipt holds the whole line and its salt: give it only to those who may see it.",
  },
});

/** The members of facts, as people call them. */
export const factWords = defineWords({
  kind: { ko: "종류", en: "Kind" },
  kind_transfer: { ko: "이체", en: "Transfer" },
  kind_document: { ko: "문서 공증", en: "Certified document" },
  kind_credential_status: { ko: "증명서의 효력", en: "Whether a credential stands" },
  list: { ko: "상태 목록", en: "Status list" },
  index: { ko: "목록의 자리", en: "Place on the list" },
  number: { ko: "몇 번째 변경", en: "Change number" },
  status: { ko: "효력", en: "Standing" },
  status_0: { ko: "유효", en: "Valid" },
  status_1: { ko: "취소됨", en: "Revoked" },
  status_2: { ko: "정지됨", en: "Suspended" },
  amount_won: { ko: "금액", en: "Amount" },
  debit: { ko: "보낸 계좌", en: "From account" },
  credit: { ko: "받은 계좌", en: "To account" },
  at: { ko: "때", en: "When" },
  step: { ko: "단계", en: "Step" },
  step_posted: { ko: "끝남", en: "Settled" },
  step_held: { ko: "맡아 둠", en: "Held" },
  step_captured: { ko: "맡아 둔 돈에서 냄", en: "Paid from what was held" },
  step_released: { ko: "맡긴 돈을 돌려받음", en: "Hold released" },
  memo: { ko: "적요", en: "Memo" },
  of: { ko: "앞선 이체", en: "Of transfer" },
  until: { ko: "기한", en: "Until" },
  title: { ko: "이름", en: "Title" },
  sha256: { ko: "SHA-256", en: "SHA-256" },
  bytes: { ko: "크기", en: "Size" },
  byteCount: { ko: "{count}바이트", en: "{count} bytes" },
  signer: { ko: "공증받은 사람", en: "Signer" },
  id: { ko: "번호", en: "Number" },
});
