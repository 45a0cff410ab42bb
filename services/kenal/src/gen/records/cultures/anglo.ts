import type { Culture } from './culture.ts';

export const anglo: Culture = {
  id: 'anglo',
  region: 'GB',
  country: 'United Kingdom',
  share: 0.24,
  men: {
    old: 'John William George James Robert Thomas Arthur Charles Henry Albert Frederick Joseph Edward Harold Ernest Walter Alfred Frank Ronald Leonard Stanley Kenneth Reginald Sidney Cyril Herbert Percy Norman Douglas Dennis Eric Raymond Cecil Wilfred Bernard Horace Edwin Hugh Archibald Ralph Clarence Samuel Benjamin Richard Gilbert Victor',
    middle:
      'David Paul Andrew Mark John Stephen Michael Ian Robert Richard Christopher Peter Simon Anthony Kevin Gary Steven Martin James Philip Alan Nigel Timothy Colin Graham Neil Jonathan Nicholas Keith Trevor Adrian Barry Brian Stuart Darren Jason Dean Wayne Russell Craig Roger Gerald Clive Derek Terence Malcolm Duncan Gavin',
    young:
      'Jack Oliver Thomas Harry James Joshua Daniel Matthew Samuel Joseph William Luke George Benjamin Ryan Alexander Jacob Liam Callum Charlie Ethan Noah Adam Nathan Jordan Connor Lewis Max Logan Tyler Dylan Leo Oscar Archie Theo Freddie Henry Toby Kieran Cameron Aaron Reece Jake Mason Finley Zachary Lachlan Tristan',
  },
  women: {
    old: 'Mary Florence Doris Edith Dorothy Annie Margaret Elsie Elizabeth Gladys Alice Ivy Winifred Ethel Hilda Violet Lilian Irene Kathleen Joan Marjorie Phyllis Vera Nellie Mabel Ada Jessie Gertrude Olive Beatrice Agnes Eileen Constance Muriel Marion Minnie Ruth Maud Harriet Martha Eleanor Rosina Clara Emily Charlotte Theresa Victoria',
    middle:
      'Susan Julie Karen Jacqueline Deborah Tracey Jane Helen Diane Sharon Patricia Margaret Christine Linda Angela Elizabeth Alison Carol Sarah Janet Anne Catherine Lesley Joanne Nicola Michelle Amanda Wendy Denise Lorraine Maria Beverley Gillian Sandra Pauline Jennifer Barbara Teresa Heather Maureen Judith Louise Lisa Claire Yvonne Hazel Pamela Katherine Samantha',
    young:
      'Emily Jessica Chloe Sophie Olivia Charlotte Amelia Megan Lauren Hannah Emma Grace Lucy Ella Rebecca Bethany Katie Mia Ruby Georgia Isabella Holly Amy Abigail Poppy Lily Freya Eleanor Zoe Alice Daisy Evie Molly Ellie Imogen Niamh Caitlin Phoebe Isla Natalie Rosie Courtney Paige Jasmine Matilda Erin Alexandra',
  },
  family: {
    frequent:
      "Smith Jones Williams Taylor Brown Davies Evans Wilson Thomas Johnson Roberts Robinson Thompson Wright Walker White Edwards Hughes Green Hall Lewis Harris Clarke Patel Jackson Wood Turner Martin Cooper Hill Ward Morris Moore Clark Lee King Baker Harrison Morgan Allen James Scott Phillips Watson Davis Parker Price Bennett Young Griffiths Mitchell Kelly Cook Carter Richardson Bailey Collins Bell Shaw Murphy Miller Cox Khan Richards Marshall Anderson Simpson Ellis Adams Singh Wilkinson Foster Chapman Powell Webb Rogers Gray Mason Hunt Hussain Campbell Matthews Owen Palmer Holmes Mills Barnes Knight Lloyd Butler Russell Barker Fisher Stevens Jenkins Murray Dixon Harvey Graham Pearson Fletcher O'Brien O'Connor McDonald McCarthy MacLeod Stewart Reid Fraser",
    skew: 0.75,
    composed: 0.35,
    start:
      'Ash Black Brad Bram Brock Burn Clay Cran Crow Dal East El Fair Fern Garn Glad Hal Hart Hay Hol Kirk Lang Led Lin Litt Mar Mel Mid Nor Oak Pem Pres Ram Red Rock Ros Ruther Sel Shel Sher Stan Stock Suther Thorn Tre Ux Wal War West Whit Win Wool Wy',
    end: 'ton ley ford well wood field worth land ham by stone ridge bury don more man er ington ingham brook combe shaw hurst thwaite pole grave croft cott win mere',
  },
  middle: { share: 0.55 },
  suffixes: true,
  takesName: 0.75,
  spellings: [
    [/ph/, 'v'],
    [/c(?=[aou])/, 'k'],
    [/ie$/, 'y'],
    [/y$/, 'ie'],
    [/ey$/, 'y'],
    [/aine$/, 'ayne'],
    [/nn/, 'n'],
    [/ll/, 'l'],
    [/Cath/, 'Kath'],
    [/^Mc/, 'Mac'],
    [/^Mac/, 'Mc'],
    [/^O'/, 'O'],
    [/e$/, ''],
    [/th/, 't'],
    [/son$/, 'sen'],
  ],
  nicknames:
    'William:Bill,Will,Billy,Liam Robert:Bob,Rob,Bobby,Bert Richard:Dick,Rick,Richie James:Jim,Jamie,Jimmy John:Jack,Johnny Thomas:Tom,Tommy Charles:Charlie,Chas,Chuck Edward:Ted,Ed,Eddie Henry:Harry,Hal George:Georgie Joseph:Joe,Joey Michael:Mike,Mick,Mickey David:Dave,Davy Stephen:Steve Steven:Steve Christopher:Chris,Kit Anthony:Tony Andrew:Andy,Drew Peter:Pete Daniel:Dan,Danny Matthew:Matt Samuel:Sam,Sammy Benjamin:Ben,Benny Alexander:Alex,Sandy Nicholas:Nick,Nicky Jonathan:Jon,Jonny Timothy:Tim Kenneth:Ken,Kenny Ronald:Ron,Ronnie Albert:Bert,Al Frederick:Fred,Freddie Arthur:Art Harold:Harry Walter:Walt,Wally Alfred:Alf,Fred Leonard:Len Reginald:Reg Stanley:Stan Philip:Phil Gerald:Gerry Joshua:Josh Jacob:Jake Zachary:Zach Elizabeth:Liz,Beth,Betty,Lizzie,Eliza Margaret:Maggie,Peggy,Meg Mary:Molly,May Catherine:Cathy,Kate,Katie Katherine:Kate,Kathy Susan:Sue,Susie Patricia:Pat,Patsy,Tricia Barbara:Barb Deborah:Debbie Dorothy:Dot,Dolly Florence:Flo,Florrie Edith:Edie Kathleen:Kath,Kathy Jacqueline:Jackie Christine:Chris,Chrissie Jennifer:Jenny,Jen Rebecca:Becky,Becca Jessica:Jess,Jessie Charlotte:Lottie,Charlie Emily:Em,Milly Samantha:Sam Victoria:Vicky,Tori Alexandra:Alex,Sandra Sarah:Sally Eleanor:Ellie,Nell,Nora Abigail:Abby Isabella:Bella,Izzy Olivia:Liv,Livvy Amelia:Millie Amanda:Mandy Pamela:Pam Nicola:Nicky Gillian:Gill Winifred:Winnie Beatrice:Bea Harriet:Hattie Agnes:Aggie Theresa:Terry Bethany:Beth Georgia:George Matilda:Tilly',
  cities:
    'London/England/SE#_#@@ Birmingham/England/B#_#@@ Leeds/England/LS#_#@@ Glasgow/Scotland/G#_#@@ Sheffield/England/S#_#@@ Manchester/England/M#_#@@ Edinburgh/Scotland/EH#_#@@ Liverpool/England/L#_#@@ Bristol/England/BS#_#@@ Cardiff/Wales/CF#_#@@ Leicester/England/LE#_#@@ Coventry/England/CV#_#@@ Nottingham/England/NG#_#@@ Newcastle_upon_Tyne/England/NE#_#@@ Belfast/Northern_Ireland/BT#_#@@ Brighton/England/BN#_#@@ Plymouth/England/PL#_#@@ Wolverhampton/England/WV#_#@@ Southampton/England/SO#_#@@ Reading/England/RG#_#@@ Derby/England/DE#_#@@ Swansea/Wales/SA#_#@@ Aberdeen/Scotland/AB#_#@@ York/England/YO#_#@@ Bath/England/BA#_#@@ Exeter/England/EX#_#@@ Inverness/Scotland/IV#_#@@',
  towns: {
    start:
      'Ash Bick Brad Burn Chip Crom Dun Elm Farn Glen Hart Hazel Kings Lang Maple Nor Oak Pem Rad Salt Stone Thorn Up Wal Whit',
    end: 'ton ford ham bury ley wick worth by mouth bridge stead den combe cester',
    postcode: '@@##_#@@',
  },
  streets:
    'High Church Station Victoria Park Mill Queen King School Manor Albert North South Chapel Grange New Green Springfield George York Windsor Alexandra Stanley Broad Hill Richmond Grove Highfield Bridge West East Cedar Elm Oak Beech Orchard Meadow Clarence Lancaster Nelson Wellington Rectory Priory Hawthorn Poplar Salisbury',
  streetKinds: '*_Street *_Road *_Lane *_Avenue *_Close *_Drive *_Court *_Gardens *_Terrace *_Crescent',
  abbreviations:
    'Street:St,Str Road:Rd Lane:Ln Avenue:Ave,Av Close:Cl Drive:Dr Court:Ct Gardens:Gdns Terrace:Tce,Terr Crescent:Cres North:N South:S East:E West:W',
  nationalId: '@@######@',
};
