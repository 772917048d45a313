import { defineWords } from "~/words/language";

export const deliveryWords = defineWords({
  deliveries: { ko: "전하지 못한 알림", en: "Notifications not taken" },
  deliveriesLead: {
    ko: "다른 시스템이 신청했지만 받지 않은 알림이에요. 받는 쪽을 확인하고 다시 보내거나 버려요.",
    en: "What other systems subscribed to and did not take. See to the receiver; send again, or drop.",
  },
  noDeliveries: { ko: "전하지 못한 알림이 없어요", en: "Every notification was taken" },
  noDeliveriesDetail: {
    ko: "여러 번 보내도 받지 않은 알림은 까닭과 함께 여기에 모여요.",
    en: "What is not taken after several attempts is kept here with the reason.",
  },
  change: { ko: "변경 {notice}번", en: "change {notice}" },
});
