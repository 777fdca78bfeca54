"""What a supplier declares at its registration, word for word. Kept in Chinese: a declaration has one wording."""

from __future__ import annotations

from typing import Final

# 政府采购促进中小企业发展管理办法（财库〔2020〕46号）附1，单个企业适用的部分。
# Art. 11 of the same: nobody may ask for any proof of size beside the declaration.
SME_DECLARATION: Final = (
    "根据《政府采购促进中小企业发展管理办法》（财库〔2020〕46号）的规定，本企业郑重声明："
    "本企业不属于大企业的分支机构，不存在控股股东为大企业的情形，也不存在与大企业的负责人为同一人的情形。"
    "本企业对上述声明内容的真实性负责。如有虚假，将依法承担相应责任。"
)
# 政府采购法第二十二条第一款第五项；实施条例第十七条第一款第四项。
RECORD_DECLARATION: Final = "本供应商郑重声明：参加政府采购活动前三年内，在经营活动中没有重大违法记录。"
