import { defineWords } from "~/words/language";

/** The public pages of the log. */
export const ledgerWords = defineWords({
  verifyTitle: { ko: "증명서 확인", en: "Check a receipt" },
  verifyLead: {
    ko: "누구나, 로그인 없이 확인해요. 증명서는 이 브라우저 밖으로 나가지 않고, 화면이 열린 뒤에는 도시의 서버가 꺼져 있어도 돼요.",
    en: "For anybody, without signing in. The receipt never leaves this browser, and once the page is open the city's server may be off.",
  },
  ways: { ko: "무엇을 확인할까요?", en: "What to check" },
  receipts: { ko: "증명서", en: "Receipt" },
  files: { ko: "파일", en: "File" },
  drop: { ko: "증명서 파일을 여기에 놓거나", en: "Drop a receipt here, or" },
  choose: { ko: "파일 고르기", en: "Choose a file" },
  paste: { ko: "또는 내용을 붙여 넣기", en: "Or paste what it says" },
  tooLarge: {
    ko: "파일이 너무 커요. {most}까지 읽을 수 있어요.",
    en: "The file is too large: at most {most}.",
  },
  unreadable: {
    ko: "파일을 읽지 못했어요. 다시 골라 주세요.",
    en: "The file could not be read. Choose it again.",
  },
  key: { ko: "검증 키", en: "Verification key" },
  keyHelp: {
    ko: "이름+번호+키 모양이에요. 증명서를 준 사람이 아닌 다른 곳(신문, 아는 사람, 예전에 적어 둔 것)에서 받으세요.",
    en: "It looks like name+id+key. Take it from somewhere else than the receipt: a newspaper, a friend, yesterday's copy.",
  },
  keyKeep: {
    ko: "모든 증명서를 이 키로 확인해요. 다른 곳에 적어 두면 나중에 바뀌었는지 알 수 있어요.",
    en: "All receipts are checked with it. Write it down elsewhere, and you will know if it was swapped.",
  },
  takeKey: { ko: "도시에서 키 받기", en: "Take the key from the city" },
  keyTyped: {
    ko: "직접 넣은 키예요. 이 키가 도시의 것이라고 믿는 만큼 결과를 믿을 수 있어요.",
    en: "A key that you typed: the result is as good as your reason to believe that it is the city's.",
  },
  keyCity: {
    ko: "방금 도시에서 받은 키예요. 도시가 증명서와 키를 함께 꾸며 낼 수도 있으니, 다른 곳의 키와 맞춰 보면 더 튼튼해요.",
    en: "A key that the city gave just now. Whoever gives you receipt and key together could have made up both: compare it with one from elsewhere.",
  },
  keySince: {
    ko: "이 브라우저가 {at}부터 기억하는 키예요. 도시가 그 뒤에 바꾼 키에는 속지 않아요.",
    en: "The key that this browser has remembered since {at}: a key that the city swapped later does not pass.",
  },
  result: { ko: "결과", en: "Result" },
  growthReceipt: { ko: "기록이 이어지는지에 대한 증명", en: "A proof of how the log grew" },
  title: { ko: "모두가 보는 도시 원장", en: "The city's ledger, for everybody" },
  lead: {
    ko: "돈이 오가거나 문서가 공증될 때마다 한 줄씩 늘어나고, 고치거나 지울 수 없는 기록이에요. 내용은 가려져 있고 지문만 보여요.",
    en: "Each payment and each certified document adds a line that can neither be changed nor taken out. Only fingerprints are public, never what they are of.",
  },
  none: { ko: "아직 기록된 것이 없어요", en: "Nothing is in the log yet" },
  noneDetail: {
    ko: "누군가 지갑을 충전하거나 결제하면 1분 안에 여기에 나타나요.",
    en: "Once somebody tops up or pays, it appears here within a minute.",
  },
  facts: { ko: "기록된 사실", en: "Facts in the log" },
  count: { ko: "{count}건", en: "{count} facts" },
  since: { ko: "이 브라우저가 처음 본 때", en: "Known to this browser since" },
  sinceNow: { ko: "지금", en: "just now" },
  checkpoint: { ko: "가장 새로운 체크포인트", en: "The newest checkpoint" },
  checkpointHelp: {
    ko: "1분마다 서명되는 한 장의 요약이에요: 기록의 이름, 크기, 루트, 서명. 다른 사람의 것과 맞춰 보세요.",
    en: "A summary signed each minute: the log's name, size, root, and a signature. Compare it with other people's.",
  },
  copy: { ko: "복사", en: "Copy" },
  copied: { ko: "복사했어요", en: "Copied" },
  copyKey: { ko: "키 복사", en: "Copy the key" },
  copyCheckpoint: { ko: "체크포인트 복사", en: "Copy the checkpoint" },
  waiting: {
    ko: "{count}건은 저장되었고 1분 안에 서명돼요.",
    en: "{count} more are on disk, and are signed within a minute.",
  },
  chain: { ko: "체인", en: "Chain" },
  chain_off: {
    ko: "이 도시는 체인에 올리지 않아요. 서명만 있어요.",
    en: "This city writes to no chain: there are signatures only.",
  },
  chain_anchored: {
    ko: "최근 체크포인트가 체인에 올라갔다고 도시가 말해요.",
    en: "The newest checkpoint is on the chain, says the city.",
  },
  chain_forked: {
    ko: "체인에 있는 기록과 도시의 기록이 갈라졌어요.",
    en: "The chain was told another log than the city's.",
  },
  chain_refused: {
    ko: "체인의 계약이 최근 체크포인트를 받아 주지 않았어요.",
    en: "The contract on the chain refused the newest checkpoint.",
  },
  chain_away: {
    ko: "지금 체인에 연결되지 않아요. 연결되면 이어서 올려요.",
    en: "The chain cannot be reached now; it goes on by itself.",
  },
  chain_coming: {
    ko: "다음 체크포인트가 체인에 올라가는 중이에요.",
    en: "The next checkpoint is on its way to the chain.",
  },
  edge: { ko: "나무의 오른쪽 끝", en: "The tree's right edge" },
  edgeDetail: {
    ko: "{count}건은 꽉 찬 나무 {trees}그루로 서 있어요: {sum}. 꽉 찬 나무는 다시 바뀌지 않고, 새 사실은 오른쪽 끝에 붙어요.",
    en: "The {count} facts stand as whole trees, {trees} of them: {sum}. A whole tree never changes again; new facts join at the right.",
  },
  before: { ko: "전에 본 기록이 그대로 있나요?", en: "Is what I saw before still there?" },
  beforeDetail: {
    ko: "이 브라우저가 마지막으로 본 체크포인트에서 지금까지, 지운 것 없이 늘어나기만 했는지 도시에 증명을 요구해 직접 계산해요.",
    en: "This browser asks the city to prove that the log only grew since the checkpoint that it saw last, and computes it by itself.",
  },
  first: {
    ko: "오늘 처음 보았어요. 이 체크포인트({size}건)를 기억해 두었고, 다음에 오면 그때의 기록과 맞춰 볼게요.",
    en: "Seen for the first time. This checkpoint ({size} facts) is remembered; next time it is compared.",
  },
  grew: {
    ko: "그대로 있어요. 전에 본 {from}건은 지금 {to}건의 앞부분이에요.",
    en: "It is all there: the {from} facts seen before are the beginning of today's {to}.",
  },
  sameSize: {
    ko: "그대로예요. 전에 본 {to}건에서 늘어나지 않았어요.",
    en: "Unchanged: still the same {to} facts as seen before.",
  },
  broken: { ko: "기록이 이어지지 않아요", en: "The log does not hold" },
  brokenDetail: {
    ko: "전에 서명된 기록과 지금의 기록이 맞지 않아요. 누군가 기록을 고쳤거나 사람마다 다른 기록을 보여 주고 있어요. 아래 파일을 저장하면 두 서명이 그 증거예요. 다른 사람에게 알리세요.",
    en: "The log signed before and the log of now do not fit: somebody rewrote it, or people are shown different logs. Save the file below: the two signatures are the evidence. Tell others.",
  },
  uncertain: {
    ko: "이어지는 것은 맞지만 서명은 확인하지 못해서 기억하지 않았어요.",
    en: "It continues, but the signature could not be checked, so it was not remembered.",
  },
  checkReceipt: { ko: "증명서나 파일 확인하기", en: "Check a receipt or a file" },
  checkAgain: { ko: "다시 확인하기", en: "Check again" },
  saveEvidence: { ko: "증거 저장", en: "Save the evidence" },
  beginAnew: { ko: "잊고 새로 기억하기", en: "Forget, and begin anew" },
  beginAnewHelp: {
    ko: "도시가 기록을 새로 시작한 이유를 알고 있을 때만 누르세요. 전에 본 기록과는 더 이상 맞춰 볼 수 없어요.",
    en: "Only if you know why the city began its log anew: what was seen before can then no longer be compared.",
  },
  theirs: { ko: "다른 사람의 체크포인트와 맞추기", en: "Compare with somebody else's checkpoint" },
  theirsHelp: {
    ko: "아는 사람이 복사해 준 체크포인트를 붙여 넣으세요. 둘이 같은 기록을 보고 있는지 확인해요.",
    en: "Paste a checkpoint that a friend copied: it is checked that you both are shown the same log.",
  },
  compare: { ko: "맞춰 보기", en: "Compare" },
  theirsGrew: {
    ko: "같은 기록이에요. 그 사람의 {from}건은 지금 {to}건의 앞부분이에요.",
    en: "The same log: their {from} facts are the beginning of today's {to}.",
  },
  ahead: {
    ko: "그 사람의 체크포인트가 더 새로워요. 1분쯤 뒤에 다시 맞춰 보세요.",
    en: "Their checkpoint is newer than the city's answer to you. Try again in a minute.",
  },
});
