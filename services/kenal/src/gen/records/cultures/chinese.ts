import type { Culture } from './culture.ts';

export const chinese: Culture = {
  id: 'chinese',
  region: 'CN',
  country: 'China',
  share: 0.06,
  men: {
    old: 'Jianguo Guoqiang Zhiming Dequan Fugui Yaozu Wenbin Shaoqi Guangming Yongfu Shuren Laifu Zhongxiu',
    middle:
      'Jianjun Wei Qiang Jun Yong Lei Ming Gang Ping Hui Jie Tao Chao Bin Bo Hua Liang Feng Zhiqiang Haitao Weidong',
    young: 'Hao Yu Chen Zihan Haoran Yichen Yuxuan Zixuan Junjie Tianyu Bowen Mingze Ziyang Muchen Kai Xuan Jiahao',
  },
  women: {
    old: 'Xiuying Guiying Yulan Fengying Guilan Shuzhen Suzhen Yuzhen Xiulan Meihua Lanying Shufen',
    middle: 'Min Jing Li Yan Fang Na Xiuzhen Hong Juan Ying Xia Ping Hongmei Li Mei Xiaoyan Chunmei Yumei Lijuan',
    young:
      'Ting Xinyi Zihan Yutong Shihan Yinuo Xinyue Mengyao Jiayi Siyu Ruoxi Yuxin Wanting Xue Jingyi Kexin Meiling',
  },
  composedGiven: 0.6,
  givenParts: {
    men: [
      'Jian Guo Zhi Wen Yong Hai Wei Xiao Jun Hao Zi Yu Ming Tian Bo Jia Sheng Chang Rui Dong Xin Shao De Zhong',
      'jun qiang ming hua feng lin ping wei long jie hao yang chen peng cheng bin liang guang tao xiang kai ren hui bo',
    ],
    women: [
      'Xiao Yu Mei Li Xue Shu Hui Ya Jing Xin Jia Yan Chun Qiu Lan Meng Si Zi Wan Feng Gui Xiu Hong Ai',
      'ying lan zhen hua fang juan ling mei yan yun min qin li xia jing ping hui yi tong han ting yao na xuan',
    ],
  },
  family: {
    frequent:
      'Wang Li Zhang Liu Chen Yang Zhao Huang Zhou Wu Xu Sun Hu Zhu Gao Lin He Guo Ma Luo Liang Song Zheng Xie Han Tang Feng Yu Dong Xiao Cheng Cao Yuan Deng Fu Shen Zeng Peng Lu Su Jiang Cai Jia Ding Wei Xue Ye Yan Pan Du Dai Xia Zhong Tian Ren Fan Fang Shi Yao Tan Liao Zou Xiong Jin Hao Kong Bai Cui Kang Mao Qiu Qin Gu Hou Shao Meng Long Wan Duan Qian Ouyang Situ Zhuge',
    skew: 1,
  },
  familyFirst: true,
  takesName: 0,
  otherScript: true,
  spellings: [
    [/^Zh/, 'Ch'],
    [/^Zh/, 'Z'],
    [/^X/, 'Hs'],
    [/^X/, 'S'],
    [/^Q/, 'Ch'],
    [/^C(?=a|e)/, 'Ts'],
    [/ang$/, 'ong'],
    [/^Chen$/, 'Chan'],
    [/^Huang$/, 'Wong'],
    [/^Wang$/, 'Wong'],
    [/^Lin$/, 'Lam'],
    [/^Liu$/, 'Lau'],
    [/^Wu$/, 'Ng'],
    [/^Li$/, 'Lee'],
    [/^Zhou$/, 'Chow'],
    [/^Xu$/, 'Hsu'],
    [/^Xie$/, 'Tse'],
    [/^(Xiao|Jian|Guo|Zhi|Wen|Yong|Hai|Mei|Xue|Shu|Hui|Jing|Chun|Gui|Xiu|Hong)(?=[a-z]{2})/, '$1 '],
    [/^(Xiao|Jian|Guo|Zhi|Wen|Yong|Hai|Mei|Xue|Shu|Hui|Jing|Chun|Gui|Xiu|Hong)(?=[a-z]{2})/, '$1-'],
    [/uo$/, 'o'],
    [/ui/, 'uei'],
  ],
  nicknames:
    'Jianguo:Johnny Wei:David,William Jun:Kevin Hao:Howard Ming:Michael Lei:Leo Mei:May Li:Lily Jing:Jane Xinyi:Cindy Na:Nina Min:Mindy Yan:Yvonne Fang:Fiona Ting:Tina',
  cities:
    'Shanghai/Shanghai/200### Beijing/Beijing/100### Guangzhou/Guangdong/510### Shenzhen/Guangdong/518### Chengdu/Sichuan/610### Tianjin/Tianjin/300### Wuhan/Hubei/430### Chongqing/Chongqing/400### Xi’an/Shaanxi/710### Hangzhou/Zhejiang/310### Nanjing/Jiangsu/210### Shenyang/Liaoning/110### Qingdao/Shandong/266### Harbin/Heilongjiang/150### Dalian/Liaoning/116### Xiamen/Fujian/361### Kunming/Yunnan/650### Suzhou/Jiangsu/215### Changsha/Hunan/410### Zhengzhou/Henan/450###',
  towns: {
    start: 'An Bao Chang Da Dong Fu Guang Hai He Jing Lin Long Nan Ping Qing Shan Tong Xin Yang Yong',
    end: 'zhou yang shan cheng jiang an ping hai xi nan yuan',
    postcode: '######',
  },
  streets:
    'Zhongshan Renmin Jiefang Nanjing Beijing Jianshe Heping Xinhua Huaihai Guangming Wenhua Yan’an Changjiang Huanghe Shengli Fuxing Minzhu Qingnian Dongfeng Zhonghua Hongqi Xueyuan Tianhe Binhai Chaoyang',
  streetKinds: '*_Road *_Lu *_East_Road *_West_Road *_Street *_Dajie',
  abbreviations: 'Road:Rd Street:St East:E West:W Dajie:Dj',
  nationalId: '#################X',
};
